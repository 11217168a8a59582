"""What monitoring makes of a host: it measures itself, or nothing of that is left."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from roles.core.entries import Entry
from roles.core.fileset import Files
from roles.core.machine import Machine
from roles.core.service import Service
from roles.core.services import Services
from roles.core.shell import Commands
from roles.core.step import Part
from roles.postgres.session import psql

from . import names, sending
from .ending import begins, off
from .exporters import Exporter
from .files import SYSUSERS, TIMER, Around, entries, of, packages
from .mode import is_on, is_remote
from .sending import Sent
from .settings import Monitoring

READY = f"curl -sf -o /dev/null --max-time 5 http://127.0.0.1:{names.PROMETHEUS_PORT}/-/ready"
CHECK = f"promtool check config {names.CONFIGURATION}"
CHECKS = (
    f"prometheus-blackbox-exporter --config.check --config.file={names.PROBES}",
    # It listens even so: at the port of the one that runs it would be refused.
    "mtail -one_shot -compile_only -address=127.0.0.1 -port=0"
    f" -progs={names.REQUESTS} -logs=/dev/null >/dev/null",
    f"systemd-analyze verify {names.UNITS}/host-facts.service {names.UNITS}/{TIMER}",
)


def part(
    settings: Monitoring, machine: Machine, *, around: Around, sent: Sent | None = None
) -> Part:
    """Prometheus, its exporters and the host's own facts; or, where they are off, what turns them
    off on a host that had them. sent: what goes elsewhere as well."""
    if not is_on(settings, machine):
        reload = ["systemctl daemon-reload"]
        files = Files("Monitoring | no files", "monitoring", (), commands=reload)
        return Part("monitoring", (off(around), files))
    remote = is_remote(settings, machine)
    wanted = entries(settings, machine, around, remote=remote, sent=sent)
    services = [*([] if remote else [prometheus(wanted)]), *exporters(wanted, of(around))]
    timer = Service(unit=TIMER, probe=f"systemctl is-active -q {TIMER}")
    return Part(
        "monitoring",
        (
            begins(remote=remote),
            Files(
                name="Monitoring | configuration",
                role="monitoring",
                entries=wanted,
                checks=CHECKS if remote else (CHECK, *CHECKS),
                services=services,
                commands=[
                    f"systemd-sysusers {SYSUSERS}",
                    "systemctl daemon-reload",
                    f"systemctl restart {TIMER}",
                ],
            ),
            *([may_connect(around)] if around.postgres_port else []),
            Services("Monitoring | running", [*services, timer]),
        ),
        packages=tuple(packages(around, remote=remote)),
    )


def prometheus(files: Sequence[Entry]) -> Service:
    """Prometheus. Its rules may be another role's: a reload reads them again."""
    unit = f"{names.UNITS}/prometheus.service.d/readyhost.conf"
    return Service(
        unit="prometheus",
        configuration=[e for e in files if e.path in (unit, names.CONFIGURATION, *sending.FILES)],
        restart_paths=(unit,),
        reload=f"{CHECK} && systemctl reload prometheus",
        probe=READY,
        deadline=120,
    )


def exporters(files: Sequence[Entry], programs: Sequence[Exporter]) -> list[Service]:
    """Each is started anew with what it reads: none of them keeps anything."""
    own = {
        "blackbox": names.PROBES,
        "postgres": names.QUERIES,
        "requests": names.REQUESTS,
        "redis": names.REDIS_SECRET,
    }
    return [
        Service(
            unit=each.unit,
            configuration=[
                entry
                for entry in files
                if entry.path
                in (f"{names.UNITS}/{each.unit}.service.d/readyhost.conf", own.get(each.job))
            ],
            probe=f"curl -sf -o /dev/null --max-time 5 http://127.0.0.1:{each.port}/metrics",
        )
        for each in programs
    ]


def may_connect(around: Around) -> Commands:
    """The exporter's role sees the server's own database, which is closed to all others."""
    role, port = names.DATABASE_ROLE, around.postgres_port
    asked = f"SELECT 1 WHERE has_database_privilege('{role}', 'postgres', 'CONNECT')"
    grant = f'GRANT CONNECT ON DATABASE postgres TO "{role}"'
    return Commands(
        "Monitoring | the exporter's database",
        unless=f"{psql(port)} -c {shlex.quote(asked)} | grep -qx 1",
        commands=[f"{psql(port)} -c {shlex.quote(grant)}"],
    )
