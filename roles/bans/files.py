"""Every file of fail2ban that differs from its package's."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from roles.core.entries import Directory, Entry
from roles.core.known import KNOWN
from roles.core.machine import Machine
from roles.core.templates import render

from .settings import Bans

JAILS = ("ssh-known", "sshd", "ssh-keys", "nginx-hostile")

PROGRAMS = "/usr/local/lib/readyhost/bans"
ASKS_JAILS = f"{PROGRAMS}/jails"
UNIT = "/etc/systemd/system/fail2ban.service.d/readyhost.conf"
LOOKBACK = 86_400
"""Seconds of the journal in which logins are looked for when fail2ban starts: the first run's own
connection is older than fail2ban."""

# Not by the name of a program, which every account of the host may give to one of its own.
JOURNAL = "_SYSTEMD_UNIT=ssh.service + _SYSTEMD_UNIT=sshd.service"


def packages(settings: Bans, machine: Machine) -> list[str]:
    """The packages that bans need; python3-systemd reads the journal, nftables does the banning."""
    return ["fail2ban", "nftables", "python3-systemd"]


def entries(
    settings: Bans, machine: Machine, web_ports: Iterable[int], ssh_tries: int
) -> list[Entry]:
    """The jails, and the filters that know the journal of SSH and Nginx's access log.

    web_ports: TCP ports from which attackers of the web are banned.
    ssh_tries: keys that a client may offer on one connection.
    """
    write = partial(
        render,
        "bans",
        settings=settings,
        machine=machine,
        known=KNOWN,
        excused=f"{PROGRAMS}/excused",
        journal=JOURNAL,
        lookback=LOOKBACK,
        ssh_ports=machine.ssh_ports,
        web_ports=list(web_ports),
        tries=ssh_tries,
    )
    filters = ("nginx-hostile", "ssh-failed", "ssh-keys", "ssh-known")
    return [
        write("/etc/fail2ban/jail.local"),
        *(write(f"/etc/fail2ban/filter.d/{name}.conf") for name in filters),
        write("/etc/fail2ban/action.d/ssh-known.conf"),
        Directory(PROGRAMS),
        write(f"{PROGRAMS}/excused", mode=0o755),
        write(ASKS_JAILS, mode=0o755),
        write(UNIT),
    ]
