"""PostgreSQL's backups, by pgBackRest."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from roles.core.host import disk

from . import disk_guard, mirror, owned, restic
from .configuration import Configuration, Repository
from .errors import BackupError, LateError, advised
from .prepared import PREPARED, wanted
from .process import run
from .server import USER, identity, is_replica

LOCAL = 1  # number of the repository on this host
DAMAGED = re.compile("invalid page checksum.*")  # a page of the live database


def pgbackrest(*arguments: str, repository: Repository | None = None) -> str:
    """What `pgbackrest ARGUMENTS` prints, about the one cluster there is."""
    chosen = [f"--repo={repository.number}"] if repository else []
    if repository and repository.path:
        chosen.append(f"--repo1-path={repository.path}")
    return run(["pgbackrest", "--stanza=main", *chosen, *arguments], user=USER)


def backup(configuration: Configuration, kind: str) -> int:
    """Back up to each repository, `full` or what changed since (`diff`). Returns the bytes added.

    A repository that can't be reached does not keep the others from theirs.
    """
    if is_replica(configuration.cluster):
        print("this server is a replica; its primary is backed up")
        return 0
    reasons, size = [], 0
    for repository in configuration.repositories:
        try:
            if repository.number == LOCAL:
                said = _local(configuration, kind, repository)
            else:
                restic.reach(repository)
                said = _backup(kind, repository)
            newest = backups(repository)[-1]
        except BackupError as error:
            reasons.append(f"{repository.name}: {error}")
            continue
        added = int(newest["info"]["repository"]["delta"])
        print(f"{repository.name}: {newest['label']}, {added} bytes")
        size += added
        damaged = DAMAGED.findall(said)
        if damaged or newest.get("error"):
            reasons.append(
                advised("\n".join([f"{repository.name}: made, but with an invalid page", *damaged]))
            )
    if reasons:
        raise BackupError("\n".join(reasons))
    return size


def _backup(kind: str, repository: Repository) -> str:
    """Back up. Returns what it warns of."""
    return pgbackrest(f"--type={kind}", "--log-level-stderr=error", "backup", repository=repository)


def _local(configuration: Configuration, kind: str, repository: Repository) -> str:
    """Back up to the host's own disk, and leave no half of it there."""
    try:
        with disk_guard.guarded(configuration):
            return _backup(kind, repository)
    except (BackupError, LateError):
        made = Path(configuration.directory) / "database/backup/main"
        for manifest in made.glob("*/backup.manifest.copy"):
            if not manifest.with_suffix("").exists():
                owned.remove(manifest.parent)
        raise


def _info(repository: Repository) -> list[dict[str, Any]]:
    # Not strict: what a wrong passphrase makes of a file is quoted as it is.
    text = pgbackrest("--output=json", "info", repository=repository)
    return list(json.loads(text, strict=False))


def information(repository: Repository) -> dict[str, Any]:
    """What pgBackRest knows of a repository: its `backup`s and `archive`. Raises BackupError when
    it can't be read."""
    for stanza in _info(repository):
        for each in stanza.get("repo", []):
            if each["status"]["code"] not in (0, 1, 2, 3):
                raise BackupError(advised(f"{repository.name}: {each['status']['message']}"))
        return {
            key: [one for one in stanza[key] if one["database"]["repo-key"] == repository.number]
            for key in ("archive", "backup")
        }
    return {"archive": [], "backup": []}


def backups(repository: Repository) -> list[dict[str, Any]]:
    """The backups in a repository as pgBackRest describes them, oldest first. Raises BackupError
    when the repository can't be read."""
    found = information(repository)["backup"]
    return sorted(found, key=lambda each: float(each["timestamp"]["stop"]))


def version(repository: Repository) -> int | None:
    """The major version of PostgreSQL that the newest backups of a repository are of. None: it
    has none."""
    for stanza in _info(repository):
        systems = [each for each in stanza.get("db", []) if each["repo-key"] == repository.number]
        return int(systems[-1]["version"].partition(".")[0]) if systems else None
    return None


def prepare(configuration: Configuration) -> None:
    """Make the repositories ready for this very database system, and note that they are.

    One that has the backups of another system is left alone: they may be what is to be restored.
    """
    if not configuration.has_database:
        disk.write(PREPARED, json.dumps(wanted(configuration, "ready")))
        return
    mine = identity(configuration.cluster)
    state = "ready"
    for repository in configuration.repositories:
        systems, empty = _contents(repository)
        if mine in systems or not systems:
            continue
        if empty and repository.number == 1:  # of a database that never had a backup
            words = [f"{configuration.directory}/database", "-mindepth", "1", "-delete"]
            run(["find", *words], user=USER)
            continue
        state = "foreign"
        print(
            f"NOTHING IS BACKED UP: {repository.name} has the backups of another database. Restore"
            " it (docs/disaster-recovery.md), or name another place in the settings"
        )
    if configuration.mirror and mirror.system(configuration) not in ("", mine):
        state = "foreign"
        print("NOTHING IS BACKED UP: the mirror has the backups of another database")
    if state == "ready":
        disk.write(Path(configuration.directory) / mirror.SYSTEM, mine)
        pgbackrest("stanza-create")
        if not is_replica(configuration.cluster):
            pgbackrest("check")  # a segment really goes from the server to every repository
    disk.write(PREPARED, json.dumps(wanted(configuration, state)))


def known(configuration: Configuration, identifier: str) -> bool:
    """Whether the local repository has backups of that database system."""
    systems, empty = _contents(configuration.repositories[0])
    return identifier in systems and not empty


def _contents(repository: Repository) -> tuple[set[str], bool]:
    """The database systems that a repository knows, and whether it has no backup."""
    for stanza in _info(repository):
        systems = {str(each["system-id"]) for each in stanza.get("db", [])}
        return systems, not stanza.get("backup")
    return set(), True
