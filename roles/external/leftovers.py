"""A service that was on a host and is not wanted there any more: stopped, its data kept."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from roles.core.fileset import Files
from roles.core.machine import Machine
from roles.core.shell import Commands
from roles.core.state import STATE
from roles.core.step import Part, Step

TOLD = "left"
STOPPED = "stopped"
BACKUP = "backup"


@dataclass(frozen=True)
class Service:
    """Its name for people, the key that says where it is, its units, what only readyhost's own
    has, and where its data is, as patterns for a shell; what removes it for good; a file of cron's
    that would ask it."""

    name: str
    key: str
    units: tuple[str, ...]
    mark: str
    data: str
    packages: str
    jobs: str = ""


SERVICES = {
    "postgres": Service(
        "PostgreSQL",
        "postgres.source",
        ("postgresql.service", "postgresql@*-main.service"),
        "/etc/postgresql/*/main/conf.d/readyhost.conf",
        "/var/lib/postgresql/*/main",
        "'postgresql*'",
        "/etc/cron.d/postgres-maintenance",
    ),
    "pgbouncer": Service(
        "PgBouncer", "postgres.source", ("pgbouncer.service",), "/etc/pgbouncer/addresses.ini", "",
        "pgbouncer",
    ),
    "redis": Service(
        "Redis",
        "redis.source",
        ("redis-server.service",),
        "/etc/redis/tuning.conf",
        "/var/lib/redis",
        "redis-server",
    ),
}  # fmt: skip

NOTES = f"{STATE}/left"
"""Which services were stopped: their own files go with their roles."""

ASK = f"[ ! -e /etc/cron.d/backup ] || echo told {TOLD} {BACKUP}\n" + "\n".join(
    f"{{ [ -e {NOTES}/{name} ] || ls -d {each.mark} >/dev/null 2>&1; }}"
    f" && ls -d {each.data or '/dev/null'} >/dev/null 2>&1"
    f" && echo told {TOLD} {name} $(ls -d {each.data or '/dev/null'})\n"
    f"[ ! -e {NOTES}/{name} ] || echo told {STOPPED} {name}"
    for name, each in SERVICES.items()
)
"""Shell for the machine's question: which of them readyhost has once brought to the host."""


def part(machine: Machine, here: Collection[str]) -> Part:
    """Of those that the host has, and `here` does not name: they are stopped, now and after a boot.
    Their data is kept, and each run says so, for nothing backs it up any more."""
    steps: list[Step] = []
    warnings = []
    for name, *places in machine.tells(TOLD):
        if name not in SERVICES:
            continue
        service = SERVICES[name]
        note = f"{NOTES}/{name}"
        if name in here and [name] not in machine.tells(STOPPED):
            continue
        if name in here:
            again = f"{service.name} | wanted here again"
            steps.append(Commands(again, unless=f"[ ! -e {note} ]", commands=[f"rm {note}"]))
            continue
        units = " ".join(f"'{unit}'" for unit in service.units)
        plain = service.units[0]
        is_on = f"systemctl is-active -q {units} || systemctl is-enabled -q {plain} 2>/dev/null"
        steps.append(
            Commands(
                f"{service.name} | stopped: no application has it here ({service.key})",
                unless=f"[ -e {note} ] && ! {{ {is_on}; }}",
                commands=[
                    f"mkdir -p -m 700 {NOTES} && touch {note}",
                    f"systemctl disable -q {plain}",
                    f"systemctl stop {units}",
                    *([f"rm -f {service.jobs}"] if service.jobs else []),
                ],
                once=True,
            )
        )
        if service.data:
            warnings.append(
                f"{service.name} is not wanted here ({service.key}): it is stopped, its data is"
                f" kept in {' '.join(places)} and NOT BACKED UP any more. To let go of it,"
                f" on the host: apt-get purge {service.packages}"
            )
    if [BACKUP] in machine.tells(TOLD) and BACKUP not in here:
        steps.append(Files("Backup | nothing is left to back up", BACKUP, ()))
    return Part("left", tuple(steps), warnings=tuple(warnings))
