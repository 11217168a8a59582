"""Whether the newest backups in a repository are as new as they should be."""

from __future__ import annotations

import time

from roles.core.host.clock import stamp

from . import files, restic
from .configuration import Configuration, Repository
from .database import backups
from .errors import BackupError


def check(configuration: Configuration, repository: Repository) -> None:
    """Raise BackupError when a backup is missing or stale."""
    of_database = (
        [float(each["timestamp"]["stop"]) for each in backups(repository)]
        if (configuration.has_database)
        else []
    )
    made = {
        "database": of_database,
        "files": [restic.made(each) for each in restic.snapshots(repository, files.TAG)],
    }
    for job, times in made.items():
        if job not in configuration.longest_age:
            continue
        command = "backup database full" if job == "database" else f"backup {job}"
        if not times:
            raise BackupError(f"{repository.name} has no backup of the {job}: {command}")
        if time.time() - max(times) > configuration.longest_age[job]:
            raise BackupError(
                f"{repository.name}: the newest backup of the {job} is stale, of"
                f" {stamp(max(times))}: see journalctl -t backup for why, then {command}"
            )
