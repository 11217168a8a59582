"""What the backup role does to a host, in order."""

from __future__ import annotations

import shlex

from pyinfra import host
from pyinfra.api import FactBase

from roles.core.fileset import sync
from roles.core.machine import Machine
from roles.core.shell import HoldsFact, run

from .files import COMMAND, PGBACKREST, entries
from .plan import Kept
from .settings import Backup, Restore

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
            # As root it would leave a lock directory that the server could not use.
            f"runuser -u postgres -- pgbackrest --config={PGBACKREST} --stanza=main info",
        ],
        commands=["systemctl daemon-reload", RELOAD],
    )
    run(
        name="Backup | repositories",
        unless=f"{COMMAND} stanza --check",
        commands=[f"{COMMAND} stanza"],
    )


class PlanFact(FactBase):
    """What a restore would overwrite; nothing on a host that is not set up yet."""

    default = list

    def command(self, arguments: str) -> str:
        return f"[ ! -x {COMMAND} ] || {COMMAND} restore {arguments} --plan"

    def process(self, output: list[str]) -> list[str]:
        return output


def is_set_up() -> bool:
    """Whether this host has what a restore takes."""
    return bool(host.get_fact(HoldsFact, test=f"test -x {COMMAND}"))


def restore(settings: Restore) -> None:
    """Take data back to a moment. What is overwritten is said while pyinfra prepares, and pyinfra
    asks before it begins, unless it was called with -y."""
    words = arguments(settings)
    for line in host.get_fact(PlanFact, arguments=words):
        host.log(f"  {line}")
    run(
        name=f"Restore | {settings.what}, {settings.to}, from {settings.source}",
        unless="false",
        commands=[f"{COMMAND} restore {words} --yes"],
    )


def arguments(settings: Restore) -> str:
    """The settings as arguments of `backup restore`, quoted for a shell."""
    words = [settings.what, "--to", settings.to, "--from", settings.source]
    if settings.database:
        words += ["--database", settings.database]
    if settings.table:
        words += ["--table", settings.table]
    for path in settings.paths:
        words += ["--path", path]
    return shlex.join(words)
