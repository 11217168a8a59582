"""Every file of monitoring."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from roles.core.entries import Directory, Entry, File, Link
from roles.core.machine import Machine
from roles.core.programs import program_files
from roles.core.templates import render
from roles.postgres.session import options

from . import names, sending
from .credentials import redis_file
from .exporters import NO_DEVICES, NO_FILESYSTEMS, Exporter, exporters
from .sending import Sent
from .settings import Monitoring

PROGRAM = "/usr/local/lib/readyhost/facts"
COMMAND = "/usr/local/sbin/host-facts"
TOLD = f"{names.ETC}/facts.json"
TIMER = "host-facts.timer"
SOURCES = Path(__file__).with_name("host")
SYSUSERS = "/etc/sysusers.d/readyhost-monitoring.conf"


@dataclass(frozen=True)
class Watched:
    """An application as monitoring knows it: its name, its host names, its health answer's path."""

    name: str
    domain: str
    aliases: tuple[str, ...] = ()
    health: str = "/health"
    serves: bool = True


@dataclass(frozen=True)
class Around:
    """What it needs of the other roles. A port is 0 where its service is not on the host. trusted:
    whether clients trust the certificate; alerts: whether Alertmanager is on the host."""

    apps: tuple[Watched, ...]
    postgres_port: int = 5432
    pgbouncer_port: int = 6432
    redis_port: int = 6379
    trusted: bool = False
    alerts: bool = False


def packages(around: Around, *, remote: bool = False) -> list[str]:
    """Debian packages that monitoring needs."""
    return [*([] if remote else ["prometheus"]), *(each.package for each in of(around))]


def of(around: Around) -> tuple[Exporter, ...]:
    """The exporters that a host needs."""
    return exporters(postgres_port=around.postgres_port, redis_port=around.redis_port)


def entries(
    settings: Monitoring,
    machine: Machine,
    around: Around,
    *,
    remote: bool = False,
    sent: Sent | None = None,
) -> list[Entry]:
    """All files on a host that measures itself. remote: whether Prometheus is elsewhere; sent: what
    goes elsewhere as well."""
    programs = of(around)
    write = partial(render, "monitoring", settings=settings, around=around, names=names)
    return [
        Directory("/etc/readyhost"),
        Directory(names.ETC, 0o750),
        *([redis_file(machine)] if around.redis_port else []),
        *_facts(around, write),
        write(SYSUSERS, exporters=programs),
        Directory("/etc/prometheus"),
        *([] if remote else _prometheus(settings, programs, write, sent)),
        write(names.PROBES),
        *([write(names.QUERIES)] if around.postgres_port else []),
        Directory("/etc/mtail"),
        write(names.REQUESTS, routes=routes(settings)),
        *(_unit(settings, each) for each in programs),
    ]


def _prometheus(
    settings: Monitoring, programs: Sequence[Exporter], write: partial[File], sent: Sent | None
) -> list[Entry]:
    return [
        Directory(names.RULES),
        *(sending.files(sent) if sent else []),
        write(names.CONFIGURATION, exporters=programs, sent=sent, sending=sending),
        Directory(f"{names.UNITS}/prometheus.service.d"),
        write(
            f"{names.UNITS}/prometheus.service.d/readyhost.conf",
            memory_mb=settings.memory_mb,
            sent=sent,
        ),
    ]


def _unit(settings: Monitoring, exporter: Exporter) -> Entry:
    return render(
        "monitoring",
        f"{names.UNITS}/{exporter.unit}.service.d/readyhost.conf",
        template="monitoring/etc/systemd/system/exporter.j2",
        exporter=exporter,
        memory_mb=settings.exporter_memory_mb,
        no_filesystems=NO_FILESYSTEMS,
        no_devices=NO_DEVICES,
    )


def _facts(around: Around, write: partial[File]) -> list[Entry]:
    told = {
        "apps": [app.name for app in around.apps],
        "certificates": {app.domain: "/etc/readyhost/tls/live" for app in around.apps},
        "postgres_port": around.postgres_port,
        "pgbouncer_port": around.pgbouncer_port,
        "session": options(),
    }
    return [
        Directory("/usr/local/lib/readyhost"),
        Directory(PROGRAM),
        *program_files(SOURCES, PROGRAM),
        File(TOLD, json.dumps(told, indent=1) + "\n"),
        # Its package gives it to Prometheus, which could put a folder of its own in the next one's
        # place, with links in it for root to write through.
        Directory("/var/lib/prometheus"),
        Directory(names.TEXTFILES),
        write(COMMAND, mode=0o755, program=PROGRAM),
        write(f"{names.UNITS}/host-facts.service", command=COMMAND),
        write(f"{names.UNITS}/{TIMER}"),
        Link(f"{names.UNITS}/timers.target.wants/{TIMER}", f"../{TIMER}"),
    ]


def routes(settings: Monitoring) -> Sequence[str]:
    """Beginnings of paths, the longest first: the first that fits is a request's route."""
    return sorted({route.rstrip("/") for route in settings.routes} - {""}, key=len, reverse=True)
