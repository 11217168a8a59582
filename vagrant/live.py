"""One request to a box as its users make it: over HTTPS, its certificate verified."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from pathlib import Path

from .driver import wrapper


def certificate(box: str, file: Path) -> Path:
    """The certificate that the box made itself, fetched over SSH to `file`, so that it can be
    verified."""
    file.write_text(wrapper("ssh", box, "--", "sudo cat /etc/readyhost/tls/live/fullchain.pem"))
    return file


def request(domain: str, address: str, trusted: Path, path: str) -> list[str]:
    """The command that asks the box over verified HTTPS under its domain, which no DNS knows."""
    return [
        "curl", "-sS", "--fail-with-body", "--cacert", str(trusted),
        "--resolve", f"{domain}:443:{address}", f"https://{domain}{path}",
    ]  # fmt: skip


def ask(command: list[str]) -> str:
    """What the box answered, shortened to one line."""
    answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode:
        sys.exit(f"{shlex.join(command)}\n{answer.stderr}{answer.stdout}")
    body = answer.stdout
    try:
        body = json.dumps(json.loads(body))
    except ValueError:
        body = " ".join(body.split())
    return body if len(body) <= 300 else f"{body[:300]} …"
