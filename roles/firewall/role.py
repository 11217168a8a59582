"""What the firewall role does to a host, in order."""

from __future__ import annotations

from collections.abc import Sequence

from pyinfra import host

from roles.core.entries import Entry
from roles.core.fileset import sync
from roles.core.guard import confirm, guarded
from roles.core.machine import Machine
from roles.core.services import Service, converge
from roles.core.undo import Guard

from .client import ClientAddress
from .files import BEFORE, RULES, SWITCHES, entries
from .rules import CHAIN, refuse_lockout
from .settings import Firewall

RESTORE = {4: "iptables-restore", 6: "ip6tables-restore"}
SHOW = {4: "iptables", 6: "ip6tables"}


def firewall(settings: Firewall, machine: Machine, *, confirm_within: int) -> None:
    """Deny inbound but SSH, the web ports and what the settings open.

    confirm_within: seconds until the host undoes a change that nobody confirmed.

    Raises OperatorError when the operator's own address would be shut out.
    """
    if settings.ssh_sources:
        refuse_lockout(settings, host.get_fact(ClientAddress))
    if machine.container:
        host.log("Firewall | skipped in a container: the size of the connection table")
    files = entries(settings, machine)
    service = ufw(machine, files)
    before = guard(confirm_within)
    guarded(
        name="Firewall | rules",
        guard=before,
        step=sync,
        role="firewall",
        entries=files,
        checks=[
            f"{RESTORE[version]} --test --noflush < {paths[version]}"
            for version in _versions(machine)
            for paths in (BEFORE, RULES)
        ],
        services=[service],
        commands=[]
        if machine.container
        else ["modprobe nf_conntrack", "/lib/systemd/systemd-sysctl"],
    )
    guarded(name="Firewall | enabled", guard=before, step=converge, services=[service])
    confirm(name="Firewall | confirmed over a new connection", guard=before)


def guard(seconds: int) -> Guard:
    """How the host gets back to the firewall that it had, or to none."""
    return Guard(
        name="firewall",
        paths=(*RULES.values(), *BEFORE.values(), *SWITCHES),
        role="firewall",
        stamps=("ufw",),
        undo=("/lib/ufw/ufw-init force-stop", "/lib/ufw/ufw-init start"),
        seconds=seconds,
    )


def ufw(machine: Machine, files: Sequence[Entry]) -> Service:
    """ufw, which answers when the kernel denies by default and asks our rules before it does.

    A reload puts each file's chains in place at once: `ufw reload` takes the whole firewall down
    for a moment, and everything is open while it does. Should the result not be what it has to
    be, ufw is started anew all the same: the operator's next connection depends on it.
    """
    loaded = [_loading(v, paths[v]) for v in _versions(machine) for paths in (BEFORE, RULES)]
    answers = " && ".join(_answers(version) for version in _versions(machine))
    return Service(
        unit="ufw",
        configuration=files,
        restart_paths=SWITCHES,
        reload=f"{{ {' && '.join([*loaded, answers])}; }} || systemctl restart ufw",
        probe=answers,
    )


def _answers(version: int) -> str:
    show, chain = SHOW[version], CHAIN[version]
    return (
        f"{show} -S INPUT | grep -qx -e '-P INPUT DROP'"
        f" && {show} -C {chain}-before-input -j {chain}-user-input"
        f" && {show} -S {chain}-user-input | grep -q '^-A'"
    )


def _loading(version: int, path: str) -> str:
    """Shell: put the chains of a file in place, with what ufw adds to them when it starts."""
    ways = ("input", "output", "forward") if path in BEFORE.values() else ()
    chain = CHAIN[version]
    jumps = "".join(f"-A {chain}-before-{way} -j {chain}-user-{way}\\n" for way in ways)
    return f"sed 's/^COMMIT$/{jumps}COMMIT/' {path} | {RESTORE[version]} --noflush"


def _versions(machine: Machine) -> tuple[int, ...]:
    return (4, 6) if machine.ipv6 else (4,)
