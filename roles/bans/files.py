"""Every file of fail2ban that differs from its package's."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from roles.core.entries import Entry
from roles.core.machine import Machine
from roles.core.templates import render

from .settings import Bans

JAILS = ("sshd", "nginx-limits")


def packages(settings: Bans, machine: Machine) -> list[str]:
    """The packages that bans need; python3-systemd reads the journal, nftables does the banning."""
    return ["fail2ban", "nftables", "python3-systemd"]


def entries(settings: Bans, machine: Machine, web_ports: Iterable[int]) -> list[Entry]:
    """The jails, and the filter that knows Nginx's access log.

    web_ports: TCP ports that a client who hammers the web is banned from.
    """
    write = partial(render, "bans", settings=settings, machine=machine)
    return [
        write("/etc/fail2ban/jail.local", web_ports=list(web_ports)),
        write("/etc/fail2ban/filter.d/nginx-limits.conf"),
    ]
