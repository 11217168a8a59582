"""`make demo`: a box becomes a production host with an example application, before your eyes.

    python -m vagrant.demo fastapi|node|fullstack [--begin SECONDS]

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
from dataclasses import dataclass
from pathlib import Path

from readiness.run import FOLDER
from settings import load

from . import expected, live, picture
from .driver import wrapper
from .example import TAG, repository
from .phases import Phases
from .running import changes

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]

ROOT = Path(__file__).resolve().parent.parent
CACHE = ROOT / ".cache" / "demo"
SECRETS = ROOT / "inventories" / "vagrant.env"


@dataclass(frozen=True)
class Demo:
    """An example, the machine that it runs on, and its repository; each has its own, so that they
    can be looked at side by side. `values` differ from those of inventories/vagrant.toml."""

    example: str
    box: str
    repository: Path
    values: dict[str, str]


REPORTS = ("ready.html", "ready.json", "ready.prom")
APPLICATION = CACHE / "application"
NODE = CACHE / "application-node"
FULLSTACK = CACHE / "application-fullstack"


def own(example: str) -> dict[str, str]:
    """What an example's readyhost.toml says, as variables of a run."""
    text = (ROOT / "examples" / example / "readyhost.toml").read_text()
    values = tomllib.loads(text)["app"].items()
    return {f"READYHOST_APP__{name.upper()}": json.dumps(value) for name, value in values}


DEMOS = {
    "fastapi": Demo("fastapi", "demo", APPLICATION, {}),
    "node": Demo(
        "express",
        "demo-node",
        NODE,
        {"BOXES": "demo-node", "READYHOST_APP__REPOSITORY": str(NODE.relative_to(ROOT))},
    ),
    "fullstack": Demo(
        "fullstack",
        "demo-full",
        FULLSTACK,
        {
            "BOXES": "demo-full",
            "READYHOST_APP__REPOSITORY": str(FULLSTACK.relative_to(ROOT)),
            **own("fullstack"),
        },
    ),
}


def remember(file: Path) -> None:
    """Note for vagrant/undo that the demo made `file`."""
    with (CACHE / "made").open("a") as made:
        made.write(f"{file.relative_to(ROOT)}\n")


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


def main() -> None:
    parser = argparse.ArgumentParser(prog="make demo", description=__doc__)
    parser.add_argument("app", choices=DEMOS)
    parser.add_argument("--begin", type=float, default=time.time(), help="when make began")
    arguments = parser.parse_args()
    demo = DEMOS[arguments.app]
    phases = Phases()
    phases.seconds["virtual environment"] = time.time() - arguments.begin

    with phases.phase("system packages"):
        subprocess.run([ROOT / "vagrant" / "install", "boxes"], check=True)
    with phases.phase("box"):
        suite = wrapper("suite")
        print(f"a bare server with {suite}", flush=True)
        wrapper("prepare", suite)
    with phases.phase("boot"):
        address = wrapper("up", demo.box, suite)
        print(f"{demo.box} is at {address}")
    with phases.phase("application"):
        shutil.rmtree(demo.repository, ignore_errors=True)
        repository(demo.example, demo.repository)
        print(f"examples/{demo.example} as a git repository with the tag {TAG}")
    with phases.phase("deploy"):
        if not SECRETS.exists():
            remember(SECRETS)
        deploy = [".venv/bin/pyinfra", "-y", "inventories/vagrant.py", "deploy.py"]
        by_hand = shlex.join([*(f"{key}={value}" for key, value in demo.values.items()), *deploy])
        print(f"$ {by_hand}", flush=True)
        changed = len(changes(run(deploy, demo.values)))
    with phases.phase("live request"):
        domain = load("vagrant", data=()).domain
        certificate = live.certificate(demo.box, CACHE / f"{demo.box}.pem")
        health = live.request(domain, address, certificate, "/health")
        print(f"$ {shlex.join(health)}\n{live.ask(health)}")
        seen = picture.take(domain, address, certificate, CACHE / f"{arguments.app}.png")
        if seen:
            print(f"what a browser shows: {seen.relative_to(ROOT)}")

    with phases.phase("report"):
        for name in REPORTS:
            remember(FOLDER / "vagrant" / name)
        report = [*deploy[:-1], "ready.py"]
        print(f"$ {shlex.join(report)}", flush=True)
        # A new host has no copy elsewhere and a certificate of its own: something is false.
        subprocess.run(report, cwd=ROOT, env={**os.environ, **demo.values}, check=False)
        kept = FOLDER / "vagrant" / "ready.json"
        if kept.exists():
            print("\n".join(expected.lines(json.loads(kept.read_text()))))

    other = next(name for name in DEMOS if name != arguments.app)
    print(f"""
==> https://{domain}/ is up on {address}; {changed or "no"} operations changed something

{phases.table()}

Where to look next
  {f"make demo APP={arguments.app}":<29}again: seconds, and no change
  {f"make demo APP={other}":<29}the other example, on a machine of its own
  vagrant/box ssh {demo.box:<13}the host: systemctl status, journalctl -f, /etc, /srv
  {by_hand}
                               what ran; with --dry it says what would change, with --diff how
  deploy.py                    what a host becomes; inventories/ says which hosts
  https://{domain}/           in a browser, after
                               echo {address} {domain} | sudo tee -a /etc/hosts
  reports/vagrant/ready.html   what of the checklist is true there, as a page
  make destroy                 takes away all that make demo made""")


if __name__ == "__main__":
    try:
        main()
    except subprocess.CalledProcessError as failed:
        # it has said itself what was wrong
        sys.exit(f"make demo: {failed.cmd[0]} ended with status {failed.returncode}")
