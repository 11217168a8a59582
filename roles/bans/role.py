"""What the role makes of a host."""

from __future__ import annotations

from collections.abc import Iterable

from roles.core.fileset import Files
from roles.core.machine import Machine
from roles.core.service import Service
from roles.core.services import Services
from roles.core.step import Part

from .files import ASKS_JAILS, JAILS, UNIT, entries, packages
from .settings import Bans

STARTS = "fail2ban-client -t"


def part(settings: Bans, machine: Machine, *, web_ports: Iterable[int], ssh_tries: int) -> Part:
    """Watch SSH's journal and Nginx's access log, which must exist by now, and ban by nftables.

    ssh_tries: keys that a client may offer on one connection.

    A reload keeps the bans that there are, and after a restart fail2ban makes them anew.
    """
    files = entries(settings, machine, web_ports, ssh_tries)
    service = Service(
        unit="fail2ban",
        configuration=files,
        restart_paths=(UNIT,),
        reload="fail2ban-client reload",
        probe=_every_jail(),
        starts=STARTS,
    )
    configuration = Files(
        name="Bans | configuration",
        role="bans",
        entries=files,
        checks=[STARTS],
        services=[service],
        commands=["systemctl daemon-reload"],
    )
    running = Services("Bans | running", [service])
    return Part("bans", (configuration, running), packages=tuple(packages(settings, machine)))


def _every_jail() -> str:
    """Shell test: fail2ban has each jail. If its answer cannot be read, its own client is asked,
    which takes a tenth of a second."""
    jails = " ".join(JAILS)
    return (
        f"said=$({ASKS_JAILS} || fail2ban-client status | sed -n 's/.*Jail list://p')"
        "; said=$(echo \"$said\" | tr -d '[:space:]')"
        f'; for jail in {jails}; do case ",$said," in *",$jail,"*) ;; *) exit 1 ;; esac; done'
    )
