"""`make demo`: a box becomes a production host with an example application, before your eyes.

    python -m vagrant.demo fastapi|node [--begin SECONDS]

It runs what a team runs: `pyinfra inventories/vagrant.py deploy.py` on a box that was booted with
`vagrant/box`, for an application in a git repository with a tag. `vagrant.undo` takes it all away.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import shutil
import subprocess
import sys
import time
from pathlib import Path

from settings import load
from tests.support.box import changes, wrapper
from tests.support.example import TAG, repository

from .phases import Phases

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "demo"
# each example has a box of its own, so that they can be looked at side by side
APPS = {"fastapi": ("fastapi", "demo"), "node": ("express", "demo-node")}


def remember(path: str) -> None:
    """Note for vagrant/undo that the demo made `path`, relative to the project."""
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "made").open("a") as made:
        made.write(f"{path}\n")


def secrets() -> None:
    """Random secrets for the inventory of the boxes, where there are none."""
    if not (ROOT / "inventories" / "vagrant.env").exists():
        subprocess.run([sys.executable, "-m", "settings", "new", "vagrant"], cwd=ROOT, check=True)
        remember("inventories/vagrant.env")


def source(example: str) -> Path:
    """The example as a team has it: a git repository with a tag. It is the same at each run."""
    target = CACHE / example
    shutil.rmtree(target, ignore_errors=True)
    return repository(example, target)


def run(command: list[str], environment: dict[str, str]) -> str:
    """Run a command whose output is shown and returned. Raises SystemExit with its status."""
    output = []
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
            output.append(line)
    if process.returncode:
        sys.exit(process.returncode)
    return "".join(output)


def certificate(box: str, example: str) -> Path:
    """The certificate that the box made itself, fetched over SSH, so that it can be verified."""
    file = CACHE / f"{example}.pem"
    file.write_text(wrapper("ssh", box, "--", "sudo cat /etc/readyhost/tls/live/fullchain.pem"))
    return file


def request(domain: str, address: str, trusted: Path, path: str) -> list[str]:
    """The command that asks the box over verified HTTPS under its domain, which no DNS knows."""
    return [
        "curl", "-sS", "--fail-with-body", "--cacert", str(trusted.relative_to(ROOT)),
        "--resolve", f"{domain}:443:{address}", f"https://{domain}{path}",
    ]  # fmt: skip


def ask(command: list[str]) -> str:
    """What the box answered, shortened to one line."""
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if answer.returncode:
        sys.exit(f"{shlex.join(command)}\n{answer.stderr}{answer.stdout}")
    body = answer.stdout
    try:
        body = json.dumps(json.loads(body))
    except ValueError:
        body = " ".join(body.split())
    return body if len(body) <= 300 else f"{body[:300]} …"


def main() -> None:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("app", choices=APPS)
    parser.add_argument("--begin", type=float, default=time.time(), help="when make began")
    arguments = parser.parse_args()
    example, box = APPS[arguments.app]
    phases = Phases()
    phases.seconds["virtual environment"] = time.time() - arguments.begin

    with phases.phase("system packages"):
        subprocess.run([ROOT / "vagrant" / "install", "boxes"], check=True)
    with phases.phase("box"):
        suite = wrapper("suite")
        print(f"{suite}, for the machine {box}", flush=True)
        subprocess.run([ROOT / "vagrant" / "box", "prepare", suite], check=True)
    with phases.phase("boot"):
        address = wrapper("up", box, suite)
        print(f"{box} is at {address}")
    with phases.phase("application"):
        secrets()
        source(example)
        values = {
            "BOXES": box,
            "READYHOST_APP__REPOSITORY": str((CACHE / example).relative_to(ROOT)),
            "READYHOST_APP__TAG": TAG,
        }
        print(f"examples/{example} in the git repository {CACHE / example} at {TAG}")
    deploy = [".venv/bin/pyinfra", "-y", "inventories/vagrant.py", "deploy.py"]
    with phases.phase("deploy"):
        by_hand = shlex.join([*(f"{key}={value}" for key, value in values.items()), *deploy])
        print(by_hand, flush=True)
        output = run(deploy, values)
    with phases.phase("live request"):
        os.environ.update(values)
        domain = load("vagrant").domain
        health = request(domain, address, certificate(box, example), "/health")
        print(f"$ {shlex.join(health)}\n{ask(health)}")

    changed = len(changes(output))
    print(f"""
==> https://{domain}/ is up on {address}; {changed or "no"} operations changed something

{phases.table()}

Where to look next
  make demo                    again: seconds, and no change
  vagrant/box ssh {box}         the host; systemctl status, journalctl, /srv, /etc
  echo {address} {domain} | sudo tee -a /etc/hosts
                               then open https://{domain}/ (its certificate is self-made)
  {by_hand}
                               what ran; --dry says what it would change, --diff shows how
  deploy.py                    what a host becomes; inventories/ says which hosts
  make destroy                 takes away all that make demo made""")


if __name__ == "__main__":
    main()
