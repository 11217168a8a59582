"""The packages of all roles as one transaction: dpkg's time is most of a first run."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Sequence
from pathlib import Path

from roles.core.machine import Machine

from .settings import Base

SCRIPT = Path(__file__).with_name("install.sh")
ALWAYS = ("ca-certificates", "tzdata", "unattended-upgrades")
"""Base's own: the names of the authorities, the time zones, and what installs upgrades."""


def packages(settings: Base, machine: Machine) -> list[str]:
    """The packages that base itself needs."""
    wanted = [*ALWAYS, *settings.packages]
    if settings.admins:
        wanted.append("sudo")
    if not settings.locale.startswith("C."):
        wanted.append("locales")
    if not machine.container:
        wanted.append("chrony")
    return wanted


def installed(names: Iterable[str]) -> str:
    """A shell test: each package is installed, and no transaction was left half-done."""
    wanted = sorted(set(names))
    return " &&\n".join(
        [
            "! ls /var/lib/dpkg/updates | grep -q .",
            "! grep -Eq '^Status: .* (unpacked|half-|triggers-)' /var/lib/dpkg/status",
            "! grep -qs READYHOST_HELD /usr/sbin/policy-rc.d",
            "dpkg-query -W -f '${db:Status-Abbrev}\\n' "
            + shlex.join(wanted)
            + f" 2>/dev/null | grep -c '^.i' | grep -qx {len(wanted)}",
        ]
    )


def install(settings: Base, names: Iterable[str], held: Sequence[str] = ()) -> str:
    """The shell command that installs the packages; install.sh is its standard input."""
    arguments = [
        str(settings.apt_lock_timeout_seconds),
        settings.locale,
        " ".join(held),
        *sorted(set(names)),
    ]
    return f"sh -s -- {shlex.join(arguments)}"
