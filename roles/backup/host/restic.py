"""restic: encrypted, deduplicated copies of files in each repository."""

from __future__ import annotations

import json
import socket
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from roles.core.host import journal

from . import disk_guard
from .configuration import FOLDER, STATE, Configuration, Repository, storage
from .errors import BackupError, advised
from .process import attempt, run

CACHE = "/var/cache/restic"
SEEN = STATE / "files-repositories.jsonl"  # where there has been one, as restic names it
PATIENCE = 10  # seconds for a connection


def restic(repository: Repository, *arguments: str) -> str:
    """What `restic ARGUMENTS` prints. The passphrase comes from a file that root alone reads."""
    reach(repository)
    return run([*command(repository), *arguments], env=storage())


def command(repository: Repository) -> list[str]:
    return [
        *("restic", "--quiet", "--cache-dir", CACHE, "--password-file", f"{FOLDER}/passphrase"),
        *("--repo", repository.restic, *repository.options),
    ]


def reach(repository: Repository) -> None:
    """Raise BackupError when nothing listens at the storage: restic would try for a quarter of an
    hour before it says so."""
    place = urlsplit(repository.restic.removeprefix("s3:"))
    if place.hostname:
        try:
            socket.create_connection((place.hostname, place.port or 443), PATIENCE).close()
        except OSError as error:
            said = f"unable to connect to {place.hostname}: {error}"
            raise BackupError(advised(said)) from None


def prepare(repository: Repository) -> None:
    """Make the repository if there has never been one. Raises BackupError when it can't be opened,
    and when it was there and is gone: nobody is to take an empty one for what was there."""
    reach(repository)
    # What a killed run left is taken away; never a lock that is in use.
    found = attempt([*command(repository), "unlock"], env=storage())
    known = was_there(repository)
    if found.returncode and "Is there a repository" in found.stderr and not known:
        restic(repository, "init")
    elif found.returncode:
        restic(repository, "cat", "config")  # says why
    if not known:
        journal.append(SEEN, {"place": repository.restic})


def was_there(repository: Repository) -> bool:
    """Whether there has been a repository at this place, and none was begun anew."""
    return {"place": repository.restic} in journal.read(SEEN)


def reinitialise() -> None:
    """Let a repository that is gone be made again by the next backup."""
    SEEN.unlink(missing_ok=True)


def save(
    configuration: Configuration,
    repository: Repository,
    tag: str,
    paths: Sequence[str],
    without: Sequence[str] = (),
) -> int:
    """Back up `paths` but `without` some under `tag`, and drop what is older than it is kept.
    Returns bytes added."""
    chosen = [*(f"--exclude={literal(path)}" for path in without), *paths]
    with disk_guard.guarded(configuration) if repository.number == 1 else nullcontext():
        prepare(repository)
        said = restic(repository, "backup", "--json", "--host", "readyhost", "--tag", tag, *chosen)
    summary = json.loads(said.splitlines()[-1])
    if summary.get("message_type") != "summary":
        raise BackupError(f"restic did not finish: {said[-500:]}")
    within = f"{configuration.keep_days}d"
    keep = ("--keep-within", within, "--group-by", "tags", "--keep-last", "1")
    restic(repository, "forget", "--prune", "--tag", tag, *keep)
    return int(summary["data_added"])


def snapshots(repository: Repository, tag: str) -> list[dict[str, Any]]:
    """The snapshots with `tag`, oldest first."""
    found = json.loads(restic(repository, "snapshots", "--no-lock", "--json", "--tag", tag) or "[]")
    return sorted(found or [], key=lambda each: each["time"])


def made(snapshot: dict[str, Any]) -> float:
    """When a snapshot was made, seconds of the epoch."""
    text = snapshot["time"]
    zone = "+00:00" if text.endswith("Z") else text[-6:]
    return datetime.fromisoformat(f"{text[:19]}{zone}").timestamp()


def restore(repository: Repository, snapshot: str, target: str, paths: Sequence[str] = ()) -> None:
    """Write what a snapshot has of `paths`, or all, below `target`."""
    chosen = [word for path in paths for word in ("--include", literal(path))]
    restic(repository, "restore", snapshot, "--target", target, *chosen)


def literal(path: str) -> str:
    """A pattern of restic's that matches `path` and nothing else.

    >>> literal("/srv/a[1]*.png")
    '/srv/a\\\\[1\\\\]\\\\*.png'
    """
    return "".join(f"\\{c}" if c in "\\*?[]" else c for c in path)
