"""Other programs: what they print, and what they said when they failed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence

from .errors import CertificateError

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
SHOWN = 15  # last lines of a failed program's words


def attempt(
    command: Sequence[str], *, seconds: float = 60, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end, or for `seconds`, in a known environment; its output in stdout."""
    proxies = {name: value for name, value in os.environ.items() if name.lower().endswith("_proxy")}
    return subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=seconds,
        check=False,
        env={"PATH": PATH, "LC_ALL": "C.UTF-8", "HOME": "/root", **proxies, **(env or {})},
    )


def run(
    command: Sequence[str], *, seconds: float = 60, env: Mapping[str, str] | None = None
) -> str:
    """What a program prints. Raises CertificateError with its last words when it fails."""
    try:
        done = attempt(command, seconds=seconds, env=env)
    except subprocess.TimeoutExpired:
        raise CertificateError(f"{command[0]} took longer than {seconds:.0f} s") from None
    if done.returncode:
        lines = [line for line in done.stdout.splitlines() if line.strip()][-SHOWN:]
        raise CertificateError("\n".join([f"{command[0]} failed:", *lines]))
    return done.stdout
