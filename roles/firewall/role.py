"""What the firewall role makes of a host."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from roles.core.entries import Entry
from roles.core.fileset import Files
from roles.core.machine import Machine
from roles.core.service import Service
from roles.core.services import Services
from roles.core.step import Confirm, Guarded, Part
from roles.core.undo import Guard

from .client import address
from .files import AFTER, BEFORE, PROGRAM, RULES, SWITCHES, UNIT, entries, packages
from .rules import Asked, refuse_lockout
from .settings import Firewall


def part(
    settings: Firewall,
    machine: Machine,
    *,
    confirm_within: int,
    kept: Mapping[str, str] | None = None,
    asked: Asked | None = None,
) -> Part:
    """Deny inbound but SSH, the web ports and what the settings open.

    confirm_within: seconds until the host undoes a change that nobody confirmed. kept: TCP ports of
    the host's own services and of several applications, each with the user who alone answers there.
    asked: those of them that not everybody on the host may connect to.

    Raises OperatorError when the operator's own address would be shut out.
    """
    if settings.ssh_sources:
        refuse_lockout(settings, address(machine))
    files = entries(settings, machine, kept, asked)
    service = ufw(files)
    before = guard(confirm_within)
    rules = Files(
        name="Firewall | rules",
        role="firewall",
        entries=files,
        checks=[f"{PROGRAM} test"],
        services=[service],
        commands=[
            "systemctl daemon-reload",
            *(
                []
                if machine.container
                else ["modprobe nf_conntrack", "/lib/systemd/systemd-sysctl"]
            ),
        ],
    )
    skipped = "Firewall | skipped in a container: the size of the connection table"
    return Part(
        "firewall",
        (
            Guarded(rules, before),
            Guarded(Services("Firewall | enabled", [service]), before),
            Confirm("Firewall | confirmed over a new connection", before),
        ),
        packages=tuple(packages(settings, machine)),
        notes=(skipped,) if machine.container else (),
    )


# What iptables-restore takes for an empty table.
OPEN = r"*filter\n:INPUT ACCEPT\n:FORWARD ACCEPT\n:OUTPUT ACCEPT\nCOMMIT\n"


def guard(seconds: int) -> Guard:
    """How the host gets back to the firewall that it had, or to none."""
    blamed = "[ $status = 2 ] ||"  # a server that answers nobody is not the firewall's fault
    return Guard(
        name="firewall",
        paths=(*RULES.values(), *BEFORE.values(), *AFTER.values(), *SWITCHES, UNIT, PROGRAM),
        role="firewall",
        stamps=("ufw",),
        remember=(
            "for tool in iptables ip6tables; do $tool-save -t filter >$tool || rm $tool; done",
        ),
        undo=(
            "systemctl daemon-reload",
            # A table that nothing was ever put into is saved as nothing.
            f"for tool in iptables ip6tables; do [ ! -e $tool ] ||"
            f" {{ printf '{OPEN}'; cat $tool; }} | $tool-restore; done",
        ),
        further=(
            f"{blamed} fail2ban-client unban $client",
            f"{blamed} systemctl restart ufw",
            f"{blamed} {{ sed -i s/^ENABLED=.*/ENABLED=no/ /etc/ufw/ufw.conf;"
            f" for tool in iptables ip6tables; do printf '{OPEN}' | $tool-restore; done; }}",
            f"{blamed} nft flush ruleset",
        ),
        seconds=seconds,
    )


def ufw(files: Sequence[Entry]) -> Service:
    """ufw, which answers when the kernel has exactly the rules that it was given last.

    A reload replaces all of them at once: `ufw reload` takes the firewall down for a moment, and
    everything is open while it does.
    """
    return Service(
        unit="ufw",
        configuration=files,
        restart_paths=SWITCHES,
        reload=f"{PROGRAM} load",
        probe=f"{PROGRAM} check",
    )
