"""Every file that keeping logs needs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from roles.core.entries import Directory, Entry
from roles.core.machine import Machine
from roles.core.templates import render

from . import forward
from .settings import Logs

JOURNAL = "/etc/systemd/journald.conf.d/readyhost.conf"
RSYSLOG = "/etc/rsyslog.conf"
CRON = "/etc/systemd/system/cron.service.d/readyhost.conf"


def packages(settings: Logs, machine: Machine) -> list[str]:
    """The packages that keeping logs needs."""
    sent = forward.packages() if settings.forward.host else []
    return ["logrotate", "rsyslog", *sent]


def writer(machine: Machine) -> str:
    """Who writes the files: Ubuntu's rsyslog gives up root, Debian's does not."""
    return "syslog" if machine.distribution == "ubuntu" else "root"


def entries(settings: Logs, machine: Machine, apps: Sequence[str]) -> list[Entry]:
    """The journal's bounds, rsyslog's files for `apps`, and their rotation, Nginx's included."""
    write = partial(render, "logs", settings=settings, writer=writer(machine))
    # Who writes logs makes files in /var/log, and could put links in the place of others' folders
    # there, which root rotates. The second one has the same at boot, in place of rsyslog's own.
    sticky: list[Entry] = [
        Directory("/var/log", mode=0o1775, group="syslog"),
        write("/etc/tmpfiles.d/00rsyslog.conf"),
    ]
    return [
        *(sticky if writer(machine) != "root" else []),
        write(JOURNAL),
        write(RSYSLOG),
        *(
            write(
                f"/etc/rsyslog.d/10-{app}.conf",
                template="logs/etc/rsyslog.d/10-app.conf.j2",
                app=app,
            )
            for app in apps
        ),
        write("/etc/rsyslog.d/50-default.conf"),
        Directory("/var/log/nginx", group="adm"),
        *(
            entry
            for app in apps
            for entry in (
                Directory(f"/var/log/{app}", mode=0o750, owner=writer(machine), group="adm"),
                write(f"/etc/logrotate.d/{app}", template="logs/etc/logrotate.d/app.j2", app=app),
            )
        ),
        write("/etc/logrotate.d/nginx"),
        write("/etc/logrotate.d/rsyslog"),
        write("/etc/systemd/system/logrotate.timer.d/readyhost.conf"),
        write("/etc/systemd/system/rsyslog.service.d/readyhost.conf"),
        # cron is what starts the jobs of several roles, and logrotate where no timer does.
        write(CRON),
    ]
