"""Every file of the look: its program, its schedule, and what it is told."""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from roles.core.entries import Directory, Entry, File, Link
from roles.core.machine import Machine
from roles.core.pip_environment import PipEnvironment, read
from roles.core.programs import program_files
from roles.core.templates import render

from .settings import Maintained

PROGRAM = "/usr/local/lib/readyhost/maintained"
COMMAND = "/usr/local/sbin/host-maintained"
STATE = "/var/lib/readyhost/maintained"
ETC = "/etc/readyhost"
UNITS = "/etc/systemd/system"
TIMER = "host-maintained.timer"
SOURCES = Path(__file__).with_name("host")
PIP_AUDIT = PipEnvironment(
    "/usr/local/lib/readyhost/pip-audit",
    read(Path(__file__).with_name("pip-audit.lock")),
    tried="pip-audit",
)


def packages() -> list[str]:
    """Debian packages that the look needs."""
    return ["ca-certificates", "python3-venv"]


def entries(
    settings: Maintained,
    machine: Machine,
    *,
    apps: Sequence[str],
    env: dict[str, str],
    certbot: str,
) -> list[Entry]:
    """All files. apps: the applications; env: the variables with which its builds reach registries;
    certbot: folder of certbot's own environment, empty when it has none."""
    write = partial(render, "maintained", settings=settings, command=COMMAND, state=STATE)
    told = {
        "app": apps[0],
        **({"others": list(apps[1:])} if apps[1:] else {}),
        "env": env,
        "certbot": certbot,
        "pip_audit": PIP_AUDIT.directory(machine),
        **settings.model_dump(exclude={"every"}),
    }
    return [
        Directory("/usr/local/lib/readyhost"),
        Directory(PROGRAM),
        *_program(),
        # Root runs it when it is first needed; the lines are those of a run.
        File(f"{PROGRAM}/install-pip-audit", _script(machine), mode=0o755),
        Directory(ETC),
        File(f"{ETC}/maintained.json", json.dumps(told, indent=1) + "\n", mode=0o600),
        Directory(PIP_AUDIT.root),
        Directory(STATE, 0o700),
        write(COMMAND, mode=0o755, program=PROGRAM),
        write(f"{UNITS}/host-maintained.service", pip_audit=PIP_AUDIT.root),
        write(f"{UNITS}/{TIMER}"),
        Link(f"{UNITS}/timers.target.wants/{TIMER}", f"../{TIMER}"),
    ]


def _script(machine: Machine) -> str:
    return "\n".join(["#!/bin/sh", "set -eu", "umask 022", *PIP_AUDIT.install(machine)]) + "\n"


def _program() -> list[Entry]:
    return [*program_files(SOURCES, PROGRAM, "*.py", "*.json")]
