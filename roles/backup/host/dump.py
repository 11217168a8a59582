"""A dump of each database in pg_dump's own format: for one table, or for a new major version."""

from __future__ import annotations

from pathlib import Path

from . import disk_guard, owned, restic
from .configuration import Configuration
from .errors import BackupError
from .process import run
from .server import USER, is_replica

TAG = "dump"


def folder(configuration: Configuration) -> Path:
    """Where the newest dumps are."""
    return Path(configuration.directory) / "dumps"


def backup(configuration: Configuration) -> int:
    """Dump, see that the dump can be read, and keep it encrypted. Returns the bytes added."""
    if is_replica(configuration.cluster):
        print("this server is a replica; its primary is dumped")
        return 0
    for database in configuration.databases:
        target = folder(configuration) / f"{database}.dump"
        beside = target.with_suffix(".new")
        options = ["-Fc", f"-Z{configuration.dump_level}", "-f", str(beside)]
        port = str(configuration.cluster.port)
        with disk_guard.guarded(configuration):
            run(["pg_dump", *options, "-p", port, "-d", database], user=USER)
        run(["pg_restore", "--list", str(beside)], user=USER)
        owned.rename(beside, target)
        print(f"{database}: {target.lstat().st_size} bytes")
    reasons, size = [], 0
    for repository in configuration.repositories:
        try:
            paths = [str(folder(configuration))]
            size += restic.save(configuration, repository, TAG, paths)
        except BackupError as error:
            reasons.append(f"{repository.name}: {error}")
    if reasons:
        raise BackupError("\n".join(reasons))
    return size
