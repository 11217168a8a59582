"""What the backup role makes of a host, and a restore."""

from __future__ import annotations

import shlex
from collections.abc import Sequence

from roles.core.fileset import Files
from roles.core.machine import Machine
from roles.core.shell import Commands
from roles.core.step import Part

from .derived import Kept, alone
from .files import COMMAND, PGBACKREST, entries, packages
from .settings import Backup, Restore

RELOAD = "/usr/local/sbin/postgres-reload"


def part(settings: Backup, machine: Machine, kept: Kept) -> Part:
    """Continuous archiving, scheduled backups, their watch and their drill.

    PostgreSQL is restarted once, when archiving is switched on or off; nothing else takes one.
    """
    server = kept.cluster
    of_database = [
        f"{server.bin}/postgres -C archive_mode -c config_file={server.etc}/postgresql.conf",
        # As root it would leave a lock directory that the server could not use.
        f"runuser -u postgres -- pgbackrest --config={PGBACKREST} --stanza=main info",
    ]
    configuration = Files(
        name="Backup | configuration",
        role="backup",
        entries=entries(settings, machine, kept),
        checks=of_database if kept.has_database else [],
        commands=["systemctl daemon-reload", *([RELOAD] if kept.has_database else [])],
    )
    repositories = Commands(
        name="Backup | repositories",
        unless=f"{COMMAND} stanza --check",
        commands=[f"{COMMAND} stanza"],
        takes=45,
    )
    return Part(
        "backup",
        (configuration, repositories),
        packages=tuple(packages(settings, machine, kept)),
        warnings=tuple(alone(settings)),
    )


IS_SET_UP = f"test ! -x {COMMAND} || echo yes"
"""Shell: prints `yes` on a host that has what a restore takes."""


def restore(settings: Restore, overwritten: Sequence[str]) -> Part:
    """Data restored as of a time. overwritten: what `would_overwrite` said, which the operator
    sees while pyinfra prepares, before it asks."""
    what = f"Restore | {settings.what}, {settings.to}, from {settings.source}"
    command = f"{COMMAND} restore {arguments(settings)} --yes"
    step = Commands(what, unless="false", commands=[command])
    return Part("restore", (step,), notes=tuple(f"  {line}" for line in overwritten))


def would_overwrite(settings: Restore) -> str:
    """Shell: what a restore would overwrite; nothing on a host that is not set up yet."""
    return f"[ ! -x {COMMAND} ] || {COMMAND} restore {arguments(settings)} --plan"


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
