"""What the PostgreSQL role does to a host, in order."""

from __future__ import annotations

from collections.abc import Sequence

from roles.core.entries import Entry
from roles.core.fileset import sync
from roles.core.machine import Machine
from roles.core.services import Service, converge

from .files import RELOAD, Cluster, cluster, entries
from .operations import contents
from .settings import Postgres
from .state import PSQL
from .wanted import wanted

RECOVERY = 300  # seconds; a server that crashed reads its log before it answers


def postgres(settings: Postgres, machine: Machine) -> None:
    """A tuned server that answers, with its roles, databases, extensions and maintenance."""
    here = cluster(settings, machine)
    files = entries(settings, machine)
    service = server(settings, here, files)
    sync(
        name="PostgreSQL | configuration",
        role="postgres",
        entries=files,
        checks=[check(here)],
        services=[service],
        commands=["systemctl daemon-reload", checksums(here)],
    )
    converge(name="PostgreSQL | running", services=[service])
    contents(
        name="PostgreSQL | roles and databases",
        wanted=wanted(settings),
        port=settings.port,
        version=here.version,
    )


def server(settings: Postgres, here: Cluster, files: Sequence[Entry]) -> Service:
    """The server. RELOAD puts its files in force, with a restart only where one is pending."""
    return Service(
        unit=here.unit,
        configuration=[e for e in files if e.path.startswith((here.etc, here.override))],
        restart_paths=(here.override,),
        reload=RELOAD,
        probe=f"{PSQL} -p {settings.port} -c 'SELECT 1'",
        deadline=RECOVERY,
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
