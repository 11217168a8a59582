"""Every file that the firewall needs."""

from __future__ import annotations

from functools import partial

from roles.core.entries import Entry
from roles.core.machine import Machine
from roles.core.templates import render

from .rules import ANYWHERE, CHAIN, rules
from .settings import Firewall

RULES = {4: "/etc/ufw/user.rules", 6: "/etc/ufw/user6.rules"}
BEFORE = {4: "/etc/ufw/before.rules", 6: "/etc/ufw/before6.rules"}
SWITCHES = ("/etc/default/ufw", "/etc/ufw/ufw.conf")


def packages(settings: Firewall, machine: Machine) -> list[str]:
    """The packages that the firewall needs."""
    return ["ufw"]


def entries(settings: Firewall, machine: Machine) -> list[Entry]:
    """ufw's own files, in the form in which the ufw command writes and reads them."""
    write = partial(render, "firewall", settings=settings, machine=machine)
    found: list[Entry] = [write(path) for path in SWITCHES]
    for version in (4, 6):
        found.append(write(BEFORE[version], mode=0o640))
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
