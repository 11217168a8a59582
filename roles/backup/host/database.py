"""PostgreSQL's backups, by pgBackRest."""

from __future__ import annotations

import json
from typing import Any

from .configuration import STATE, Configuration, Repository
from .errors import BackupError
from .process import run
from .records import replace
from .server import USER, identity, is_replica


def pgbackrest(*arguments: str, repository: Repository | None = None) -> str:
    """What `pgbackrest ARGUMENTS` prints, about the one cluster there is."""
    chosen = [f"--repo={repository.number}"] if repository else []
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
            pgbackrest(f"--type={kind}", "backup", repository=repository)
            newest = backups(repository)[-1]
        except BackupError as error:
            reasons.append(f"{repository.name}: {error}")
            continue
        added = int(newest["info"]["repository"]["delta"])
        print(f"{repository.name}: {newest['label']}, {added} bytes")
        size += added
    if reasons:
        raise BackupError("\n".join(reasons))
    return size


def backups(repository: Repository) -> list[dict[str, Any]]:
    """The backups in a repository as pgBackRest describes them, oldest first. Raises BackupError
    when the repository can't be read."""
    for stanza in json.loads(pgbackrest("--output=json", "info", repository=repository)):
        for each in stanza.get("repo", []):
            if each["status"]["code"] not in (0, 1, 2, 3):
                raise BackupError(f"{repository.name}: {each['status']['message']}")
        found = [b for b in stanza["backup"] if b["database"]["repo-key"] == repository.number]
        return sorted(found, key=lambda each: each["timestamp"]["stop"])
    return []


def prepare(configuration: Configuration) -> None:
    """Make the repositories ready for this very database system, and note that they are.

    One that has the backups of another system is left alone: they may be what is to be restored.
    """
    mine = identity(configuration.cluster)
    state = "ready"
    for repository in configuration.repositories:
        systems, empty = _contents(repository)
        if mine in systems or not systems:
            continue
        if empty and repository.number == 1:  # of a database that never had a backup
            run(["find", f"{configuration.directory}/database", "-mindepth", "1", "-delete"])
            continue
        state = "foreign"
        print(
            f"NOTHING IS BACKED UP: {repository.name} has the backups of another database. Restore"
            " it (docs/disaster-recovery.md), or name another place in the settings"
        )
    if state == "ready":
        pgbackrest("stanza-create")
        if not is_replica(configuration.cluster):
            pgbackrest("check")  # a segment really goes from the server to every repository
    replace(STATE / "repositories.json", json.dumps(_prepared(configuration, state)))


def _contents(repository: Repository) -> tuple[set[str], bool]:
    """The database systems that a repository knows, and whether it has no backup."""
    for stanza in json.loads(pgbackrest("--output=json", "info", repository=repository)):
        systems = {str(each["system-id"]) for each in stanza.get("db", [])}
        return systems, not stanza.get("backup")
    return set(), True


def is_prepared(configuration: Configuration) -> bool:
    """Whether `prepare` has done its work for this system and these repositories."""
    try:
        found = json.loads((STATE / "repositories.json").read_text())
    except (OSError, ValueError):
        return False
    return bool(found == _prepared(configuration, found.get("state")))


def is_foreign() -> bool:
    """Whether a repository was found to have the backups of another system."""
    path = STATE / "repositories.json"
    return path.exists() and json.loads(path.read_text()).get("state") == "foreign"


def _prepared(configuration: Configuration, state: str) -> dict[str, Any]:
    places = [[each.number, each.restic] for each in configuration.repositories]
    return {"state": state, "system": identity(configuration.cluster), "places": places}
