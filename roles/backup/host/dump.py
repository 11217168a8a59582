"""A dump of each database in pg_dump's own format: for one table, or for a new major version."""

from __future__ import annotations

from pathlib import Path

from . import disk_guard, owned, restic
from .configuration import Configuration
from .errors import BackupError
from .process import run
from .server import USER, is_replica

TAG = "dump"
LOCK_SECONDS = 300
"""For a table that somebody has locked, as all sessions of this program (session.py). pg_dump takes
that back and would wait for as long as the lock's owner likes, and all other jobs with it."""


def folder(configuration: Configuration) -> Path:
    """Where the newest dumps are."""
    return Path(configuration.directory) / "dumps"


def backup(configuration: Configuration) -> int:
    """Dump, see that the dump can be read, and keep it encrypted. Returns the bytes added."""
    if is_replica(configuration.cluster):
        print("this server is a replica; its primary is dumped")
        return 0
    reasons, size = [], 0
    for database in configuration.databases:
        try:
            _dump(configuration, database)
        except BackupError as error:  # which is no reason to have none of the others
            reasons.append(f"{database}: {error}")
    for repository in configuration.repositories:
        try:
            paths = [str(folder(configuration))]
            size += restic.save(configuration, repository, TAG, paths)
        except BackupError as error:
            reasons.append(f"{repository.name}: {error}")
    if reasons:
        raise BackupError("\n".join(reasons))
    return size


def _dump(configuration: Configuration, database: str) -> None:
    target = folder(configuration) / f"{database}.dump"
    beside = target.with_suffix(".new")
    patience = f"--lock-wait-timeout={LOCK_SECONDS}s"
    options = ["-Fc", f"-Z{configuration.dump_level}", patience, "-f", str(beside)]
    port = str(configuration.cluster.port)
    with disk_guard.guarded(configuration):
        run(["pg_dump", *options, "-p", port, "-d", database], user=USER)
    run(["pg_restore", "--list", str(beside)], user=USER)
    owned.rename(beside, target)
    print(f"{database}: {target.lstat().st_size} bytes")
