"""Every file that keeping logs needs."""

from __future__ import annotations

from functools import partial

from roles.core.entries import Directory, Entry
from roles.core.machine import Machine
from roles.core.templates import render

from .settings import Logs

JOURNAL = "/etc/systemd/journald.conf.d/readyhost.conf"
RSYSLOG = "/etc/rsyslog.conf"


def packages(settings: Logs, machine: Machine) -> list[str]:
    """The packages that keeping logs needs."""
    return ["logrotate", "rsyslog"]


def writer(machine: Machine) -> str:
    """Who writes the files: Ubuntu's rsyslog gives up root, Debian's does not."""
    return "syslog" if machine.distribution == "ubuntu" else "root"


def entries(settings: Logs, machine: Machine, app: str) -> list[Entry]:
    """The journal's bounds, rsyslog's files for `app`, and their rotation, Nginx's included."""
    write = partial(render, "logs", settings=settings, app=app, writer=writer(machine))
    return [
        write(JOURNAL),
        write(RSYSLOG),
        write(f"/etc/rsyslog.d/10-{app}.conf", template="logs/etc/rsyslog.d/10-app.conf.j2"),
        write("/etc/rsyslog.d/50-default.conf"),
        Directory(f"/var/log/{app}", mode=0o750, owner=writer(machine), group="adm"),
        write(f"/etc/logrotate.d/{app}", template="logs/etc/logrotate.d/app.j2"),
        write("/etc/logrotate.d/nginx"),
        write("/etc/logrotate.d/rsyslog"),
        write("/etc/systemd/system/logrotate.timer.d/readyhost.conf"),
    ]
