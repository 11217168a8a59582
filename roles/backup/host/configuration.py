"""What the toolkit wrote for this program: what is backed up, where to, and at which cost."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .errors import BackupError

FOLDER = Path("/etc/backup")
STATE = Path("/var/lib/readyhost/backup")


@dataclass(frozen=True)
class Repository:
    """One place with backups. `number` is pgBackRest's, `restic` its address for restic. `path`:
    where number 1 is instead of where it is configured."""

    name: str
    number: int
    restic: str
    options: list[str]
    path: str = ""


@dataclass(frozen=True)
class Mirror:
    """Another host that has a copy of the local repositories. timeout: seconds of silence that
    are too long. late: seconds behind that are too long."""

    host: str
    port: int
    user: str
    path: str
    timeout: int
    late: int
    public_key: str


@dataclass(frozen=True)
class Cluster:
    """PostgreSQL's cluster, as Debian names it."""

    version: int
    data: str
    unit: str
    bin: str
    etc: str
    port: int


@dataclass(frozen=True)
class App:
    """One of several applications: its folder of uploads, and its database."""

    name: str
    uploads: str
    database: str


@dataclass(frozen=True)
class Configuration:
    """Sizes in MiB, times in seconds, shares in %, as their names say. elsewhere: what people are
    told of copies away from this host. guard: SQL for a restored database (roles/postgres).
    has_database: whether a database is on this host."""

    app: str
    cluster: Cluster
    databases: list[str]
    guard: str
    paths: list[str]
    sampled: str
    redis_socket: str
    directory: str
    repositories: list[Repository]
    mirror: Mirror | None
    elsewhere: str
    keep_days: int
    hollow_gb: int
    sample_files: int
    count_mb: int
    dump_level: int
    archive_timeout: int
    archive_queue_mb: int
    disk_reserve_percent: int
    cpu_percent: int
    cpu_period: int
    memory_mb: int
    deadline: int
    jitter: int
    textfile: str
    longest_age: dict[str, int]
    apps: list[App] = field(default_factory=list)
    has_database: bool = True

    @property
    def applications(self) -> list[App]:
        """All of them, the only one too."""
        return self.apps or [App(self.app, self.sampled, (self.databases or [""])[0])]

    def of_database(self, name: str) -> list[str]:
        """The applications that a database is one's of; all of them for one that is none's."""
        found = [each.name for each in self.applications if each.database == name]
        return found or [each.name for each in self.applications]

    def repository(self, name: str | None) -> Repository:
        """The repository of that name; without one the last: what is farthest away proves most."""
        for repository in self.repositories:
            if repository.name == name:
                return repository
        if name:
            known = ", ".join(self.names())
            raise BackupError(f"there is no repository {name}; there is {known}")
        return self.repositories[-1]

    def names(self) -> list[str]:
        """What can be restored from."""
        return [each.name for each in self.repositories] + (["mirror"] if self.mirror else [])


def parse(values: dict[str, Any]) -> Configuration:
    """The configuration from what is in backup.json."""
    return Configuration(
        **{
            **values,
            "cluster": Cluster(**values["cluster"]),
            "mirror": Mirror(**values["mirror"]) if values["mirror"] else None,
            "apps": [App(**each) for each in values.get("apps", ())],
            "repositories": [Repository(**each) for each in values["repositories"]],
        }
    )


def load(folder: Path = FOLDER) -> Configuration:
    """Read it. Raises BackupError when it is not there."""
    try:
        return parse(json.loads((folder / "backup.json").read_text()))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BackupError(f"{folder}/backup.json: {error}; run deploy.py") from None


def storage(folder: Path = FOLDER) -> dict[str, str]:
    """Variables that restic logs in to the storage with."""
    lines = (folder / "storage").read_text().splitlines()
    pairs = (line.partition("=") for line in lines if "=" in line and line[0] != "#")
    return {name: value for name, _, value in pairs}
