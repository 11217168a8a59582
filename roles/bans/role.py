"""What the role does to a host, in order."""

from __future__ import annotations

from collections.abc import Iterable

from roles.core.fileset import sync
from roles.core.machine import Machine
from roles.core.services import Service, converge

from .files import JAILS, entries
from .settings import Bans


def bans(settings: Bans, machine: Machine, *, web_ports: Iterable[int]) -> None:
    """Watch SSH's journal and Nginx's access log, which must exist by now, and ban by nftables.

    A reload keeps the bans that there are.
    """
    files = entries(settings, machine, web_ports)
    service = Service(
        unit="fail2ban",
        configuration=files,
        reload="fail2ban-client reload",
        probe=" && ".join(f"fail2ban-client status {jail}" for jail in JAILS),
    )
    sync(
        name="Bans | configuration",
        role="bans",
        entries=files,
        checks=["fail2ban-client -t"],
        services=[service],
    )
    converge(name="Bans | running", services=[service])
