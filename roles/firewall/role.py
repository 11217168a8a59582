"""What the firewall role does to a host, in order."""

from __future__ import annotations

from collections.abc import Sequence

from pyinfra import host

from roles.core.entries import Entry
from roles.core.fileset import sync
from roles.core.machine import Machine
from roles.core.services import Service, converge

from .client import ClientAddress
from .files import BEFORE, RULES, SWITCHES, entries
from .rules import refuse_lockout
from .settings import Firewall

RESTORE = {4: "iptables-restore", 6: "ip6tables-restore"}
SHOW = {4: "iptables", 6: "ip6tables"}


def firewall(settings: Firewall, machine: Machine) -> None:
    """Deny inbound but SSH, the web ports and what the settings open.

    Raises OperatorError when the operator's own address would be shut out.
    """
    if settings.ssh_sources:
        refuse_lockout(settings, host.get_fact(ClientAddress))
    if machine.container:
        host.log("Firewall | skipped in a container: the size of the connection table")
    files = entries(settings, machine)
    service = ufw(machine, files)
    sync(
        name="Firewall | rules",
        role="firewall",
        entries=files,
        checks=_each(machine, "{restore} --test --noflush < {file}", BEFORE, RULES),
        services=[service],
        commands=[]
        if machine.container
        else ["modprobe nf_conntrack", "/lib/systemd/systemd-sysctl"],
    )
    converge(name="Firewall | enabled", services=[service])


def ufw(machine: Machine, files: Sequence[Entry]) -> Service:
    """ufw, which answers when the kernel denies by default and lets somebody in.

    A reload puts each file's chains in place at once: `ufw reload` takes the whole firewall down
    for a moment, and everything is open while it does.
    """
    return Service(
        unit="ufw",
        configuration=files,
        restart_paths=SWITCHES,
        reload=" && ".join(_each(machine, "{restore} --noflush < {file}", BEFORE, RULES)),
        probe=" && ".join(
            f"{SHOW[version]} -S INPUT | grep -qx -e '-P INPUT DROP' &&"
            f" {SHOW[version]} -S ufw{'6' * (version == 6)}-user-input | grep -q '^-A'"
            for version in _versions(machine)
        ),
    )


def _versions(machine: Machine) -> tuple[int, ...]:
    return (4, 6) if machine.ipv6 else (4,)


def _each(machine: Machine, command: str, *files: dict[int, str]) -> list[str]:
    return [
        command.format(restore=RESTORE[version], file=paths[version])
        for version in _versions(machine)
        for paths in files
    ]
