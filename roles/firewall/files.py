"""Every file that the firewall needs."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from roles.core.entries import Directory, Entry
from roles.core.machine import Machine
from roles.core.templates import render

from .rules import ANYWHERE, CHAIN, Asked, rules
from .settings import Firewall

RULES = {4: "/etc/ufw/user.rules", 6: "/etc/ufw/user6.rules"}
BEFORE = {4: "/etc/ufw/before.rules", 6: "/etc/ufw/before6.rules"}
AFTER = {4: "/etc/ufw/after.rules", 6: "/etc/ufw/after6.rules"}
SWITCHES = ("/etc/default/ufw", "/etc/ufw/ufw.conf")
UNIT = "/etc/systemd/system/ufw.service.d/readyhost.conf"
PROGRAM = "/usr/local/lib/readyhost/firewall/rules"
"""Loads ufw's files into the kernel, and sees whether they are in force."""


def packages(settings: Firewall, machine: Machine) -> list[str]:
    """The packages that the firewall needs."""
    return ["ufw"]


def entries(
    settings: Firewall,
    machine: Machine,
    kept: Mapping[str, str] | None = None,
    asked: Asked | None = None,
) -> list[Entry]:
    """ufw's own files, in the form in which the ufw command writes and reads them.

    kept: by TCP port, or ports FIRST:LAST, the only user who answers there on the host itself;
    asked: ports that not everybody there may connect to. A user is a name or a range of numbers.
    """
    write = partial(render, "firewall", settings=settings, machine=machine)
    found: list[Entry] = [write(path) for path in SWITCHES]
    found += [
        Directory("/etc/ufw/applications.d"),  # without it the ufw command does nothing
        Directory("/etc/systemd/system/ufw.service.d"),
        Directory("/usr/local/lib/readyhost/firewall"),
        write(UNIT, program=PROGRAM),
        write(PROGRAM, mode=0o755),
    ]
    for version in (4, 6):
        found.append(write(BEFORE[version], mode=0o640, kept=kept or {}, asked=asked or Asked()))
        found.append(
            write(
                AFTER[version],
                mode=0o640,
                template="firewall/etc/ufw/after.rules.j2",
                chain=CHAIN[version],
            )
        )
        found.append(
            write(
                RULES[version],
                mode=0o640,
                template="firewall/etc/ufw/user.rules.j2",
                chain=CHAIN[version],
                anywhere=ANYWHERE[version],
                rules=rules(settings, machine, version),
            )
        )
    if not machine.container:
        found.append(write("/etc/sysctl.d/61-readyhost-firewall.conf"))
        found.append(write("/etc/modules-load.d/readyhost-firewall.conf"))
    return found
