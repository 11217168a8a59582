"""Files of an application's that keep a backup at work for hours, and others' backups waiting."""

from __future__ import annotations

import heapq
import os
from collections.abc import Iterable
from pathlib import Path

from roles.core.host.hollow import Found
from roles.core.host.walk import walk

from .errors import BackupError

GIB = 2**30
MOST = 100  # files that are left out by name: more of them take their whole folder along
NAMED = 5  # of them that are told


def beyond(folder: str, most_gb: int) -> list[str]:
    """The most hollow files below `folder`, which are to be left out so that no more than `most_gb`
    is read that is not on the disk; the folder itself where they are too many."""
    found, total, largest = Found(), 0, list[tuple[int, str]]()
    for place, _, names in walk(folder):
        for name in names:
            path = f"{place}/{name}"
            try:
                more = found.more(os.lstat(path))
            except OSError:
                continue  # it has gone
            total += more
            if more:
                (heapq.heappush if len(largest) < MOST else heapq.heappushpop)(
                    largest, (more, path)
                )
    left_out = []
    for more, path in sorted(largest, reverse=True):
        if total <= most_gb * GIB:
            break
        total -= more
        left_out.append(path)
    return left_out if total <= most_gb * GIB else [folder]


def left_out(folders: Iterable[str], most_gb: int) -> list[str]:
    """Of each folder what is beyond its bound."""
    return [path for folder in folders for path in beyond(folder, most_gb)]


def refusal(paths: list[str], most_gb: int) -> BackupError:
    """What is said when all else is backed up."""
    named = [f"{_size(path)}{path!r}" for path in paths[:NAMED]]
    rest = [f"and {len(paths) - NAMED} more"] if len(paths) > NAMED else []
    return BackupError(
        f"left out of the backup: {', '.join([*named, *rest])}; files with more than"
        f" {most_gb} GiB of holes, or of further names for the same bytes: remove them, or set"
        " backup.hollow_gb"
    )


def _size(path: str) -> str:
    place = Path(path)
    try:
        return "all of " if place.is_dir() else f"{place.lstat().st_size // GIB} GiB in "
    except OSError:
        return ""
