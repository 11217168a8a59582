"""A copy of the project that a test may spoil, with an environment `prod` of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from vagrant.driver import BOX, PYINFRA, ROOT, Completed

SECRETS = {
    "READYHOST_APP__SECRET_KEY": "0f4c1b7d9e2a4685b3d7c9e1f2a48650",
    "READYHOST_POSTGRES__PASSWORD": "7b1f0e4d6c9a4f2e8d3b5a7c9e1f0b24",
    "READYHOST_REDIS__PASSWORD": "c3e5a7194b6d4f8290b1d2f3a4c5e607",
    "READYHOST_BACKUP__PASSPHRASE": "9a2c4e6f8b1d3507a4c6e8f0b2d41637",
}


def copy(target: Path) -> Path:
    """The files of the project as git knows them, with what is not committed yet."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, check=True, capture_output=True,
    ).stdout  # fmt: skip
    for name in filter(None, listed.decode().split("\0")):
        if (ROOT / name).is_file():  # not one that is deleted and still in the index
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)
    # A machine belongs to the checkout that booted it.
    (target / "vagrant" / "box").write_text(f'#!/bin/sh\nexec {BOX} "$@"\n')
    (target / "vagrant" / "box").chmod(0o755)
    return target


def environment(
    project: Path, *, hosts: Sequence[str], user: str, key: str, repository: str
) -> None:
    """Write inventories/prod.toml and prod.env of `project`."""
    listed = ", ".join(f'"{host}"' for host in hosts)
    (project / "inventories" / "prod.toml").write_text(
        f'domain = "shop.example"\nhosts = [{listed}]\n\n'
        f'[ssh]\nuser = "{user}"\nkey = "{key}"\n\n'
        f'[app]\nrepository = "{repository}"\ntag = "v1.0.0"\n'
    )
    secrets = project / "inventories" / "prod.env"
    secrets.write_text("".join(f"{name}={value}\n" for name, value in SECRETS.items()))
    secrets.chmod(0o600)


KNOWN = 60  # seconds in which a box answers the question for its key, however busy its machine is


def know(project: Path, ip: str) -> None:
    """Pin the host key that the host at `ip` shows now: by one connection, as the README does."""
    end, keys = time.monotonic() + KNOWN, ""
    while not keys:
        assert time.monotonic() < end, f"{ip} shows no host key"
        asked = ["ssh-keyscan", "-T", "10", "-t", "ed25519", ip]
        keys = subprocess.run(asked, check=False, capture_output=True, text=True).stdout
    (project / "inventories" / "prod.known_hosts").write_text(keys)


def run(
    project: Path, *command: str, values: Mapping[str, str] | None = None, timeout: float = 600
) -> Completed:
    """A command in `project`, in this process' environment without settings, but for `values`; all
    output in stdout."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("READYHOST_")}
    return subprocess.run(
        command,
        cwd=project,
        env={**kept, **(values or {}), "PYTHONPATH": str(project)},
        text=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        timeout=timeout,
        check=False,
    )


def pyinfra(project: Path, deploy: str, *arguments: str, **values: str) -> Completed:
    """`pyinfra -y inventories/prod.py DEPLOY ARGUMENTS` in `project`, a clone of some version."""
    # What this version calls `pyinfra` is in no clone of 0.1.0, whose own is pyinfra's.
    known = (project / "readyhost" / "start.py").exists()
    command = [str(PYINFRA)] if known else [sys.executable, "-m", "pyinfra"]
    line = [*command, "-y", "inventories/prod.py", deploy, *arguments]
    return run(project, *line, values=values)


def readyhost(project: Path, *arguments: str) -> Completed:
    """`readyhost prod ARGUMENTS` in `project`."""
    return run(project, sys.executable, "-m", "readyhost.command", "prod", *arguments)


def deploy(project: Path, *arguments: str, timeout: float = 300) -> Completed:
    """`pyinfra -y inventories/prod.py deploy.py` in `project`."""
    line = [str(PYINFRA), "-y", *arguments, "inventories/prod.py", "deploy.py"]
    return run(project, *line, values={"PYTHONDONTWRITEBYTECODE": "1"}, timeout=timeout)
