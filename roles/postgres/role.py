"""What the PostgreSQL role makes of a host."""

from __future__ import annotations

import shlex
from collections.abc import Collection, Sequence

from roles.core.entries import Entry
from roles.core.fileset import Files
from roles.core.machine import Machine
from roles.core.service import Service
from roles.core.services import Services
from roles.core.shell import Commands
from roles.core.step import Part, UntilLive

from .database_objects import DatabaseObjects
from .files import RELOAD, Cluster, cluster, entries, packages
from .lost import forgotten
from .session import psql
from .settings import Postgres
from .wanted import wanted

# Of the role's own files, the team's among them; nothing where every line of them is what the
# server has. A postgresql.conf that no longer includes them has none.
NOT_IN_FORCE = """
WITH ours AS (SELECT * FROM pg_file_settings WHERE sourcefile
  SIMILAR TO '%/conf.d/(readyhost|own-[^/]*).conf')
SELECT name FROM ours WHERE NOT applied UNION ALL
SELECT name FROM pg_settings WHERE pending_restart AND name IN (SELECT name FROM ours) UNION ALL
SELECT 'include_dir' WHERE NOT EXISTS (SELECT FROM ours) ORDER BY 1
""".replace("\n", " ").strip()

RECOVERY = 300  # seconds; a server that crashed reads its log before it answers


def part(
    settings: Postgres,
    machine: Machine,
    login: str | Collection[str] | None = None,
    *,
    timezone: str,
    keep: bool | Collection[str] = False,
    metrics: str = "",
) -> Part:
    """A tuned server that answers, with its roles, databases, extensions and maintenance.

    timezone: as for `entries`. login, keep, metrics: as for `wanted`; what is kept is so until the
    release is live.
    """
    here = cluster(settings, machine)
    files = entries(settings, machine, timezone)
    service = server(settings, here, files)
    configuration = Files(
        name="PostgreSQL | configuration",
        role="postgres",
        entries=files,
        checks=[check(here)],
        services=[service],
        commands=["systemctl daemon-reload", checksums(here)],
    )
    contents = DatabaseObjects(
        name="PostgreSQL | roles and databases",
        wanted=wanted(settings, login, keep=keep, metrics=metrics),
        port=settings.port,
        version=here.version,
    )
    note = forgotten(settings, machine)
    begins_empty = Commands(
        name=f"PostgreSQL | {settings.start_empty} begins empty",
        unless=f"[ ! -e {note} ]",
        commands=[f"rm -f {note}"],
        once=True,
    )
    # The former password is over when the release is live, and nothing of it is wanted then.
    only_new = DatabaseObjects(
        name="PostgreSQL | only the new password",
        wanted=wanted(settings, login, metrics=metrics),
        port=settings.port,
        version=here.version,
    )
    return Part(
        "postgres",
        (
            configuration,
            Services("PostgreSQL | running", [service]),
            UntilLive(contents, only_new) if keep else contents,
            *([begins_empty] if note else []),
        ),
        packages=tuple(packages(settings, machine)),
        last=(UntilLive(only_new),) if keep else (),
    )


def server(settings: Postgres, here: Cluster, files: Sequence[Entry]) -> Service:
    """The server. RELOAD puts its files in force, with a restart only where one is pending."""
    return Service(
        unit=here.unit,
        configuration=[e for e in files if e.path.startswith((here.etc, here.override))],
        restart_paths=(here.override,),
        reload=RELOAD,
        probe=f"{psql(settings.port)} -c 'SELECT 1'",
        starts=check(here),
        deadline=RECOVERY,
        unlike=f"{psql(settings.port)} -c {shlex.quote(NOT_IN_FORCE)}",
        unlike_asks_all=True,
        started_by="postgresql",
    )


def check(here: Cluster) -> str:
    """Shell: the server itself reads its configuration and says whether it would start with it."""
    return f"{here.bin}/postgres -C shared_buffers -c config_file={here.etc}/postgresql.conf"


def checksums(here: Cluster) -> str:
    """Shell: a cluster that never ran, and so is empty, gets checksums on its pages."""
    data = here.data
    return (
        f"cd /; [ -e {data}/postmaster.opts ]"
        f" || {here.bin}/pg_controldata {data} | grep -q 'checksum version: *[1-9]'"
        f" || runuser -u postgres -- {here.bin}/pg_checksums --enable -D {data}"
    )
