"""What the backup role does to a host, in order."""

from __future__ import annotations

from roles.core.fileset import sync
from roles.core.machine import Machine
from roles.core.shell import run

from .files import COMMAND, PGBACKREST, entries
from .plan import Kept
from .settings import Backup

RELOAD = "/usr/local/sbin/postgres-reload"


def backup(settings: Backup, machine: Machine, kept: Kept) -> None:
    """Continuous archiving, scheduled backups, their watch and their drill.

    PostgreSQL is restarted once, when archiving is switched on or off; nothing else takes one.
    """
    server = kept.cluster
    sync(
        name="Backup | configuration",
        role="backup",
        entries=entries(settings, machine, kept),
        checks=[
            f"{server.bin}/postgres -C archive_mode -c config_file={server.etc}/postgresql.conf",
            f"pgbackrest --config={PGBACKREST} --stanza=main info",
        ],
        commands=["systemctl daemon-reload", RELOAD],
    )
    run(
        name="Backup | repositories",
        unless=f"{COMMAND} stanza --check",
        commands=[f"{COMMAND} stanza"],
    )
