"""Whether a repository has all write-ahead log since its newest backup: without it what came after
the gap can't be restored, and nobody would know until the day it is needed."""

from __future__ import annotations

import re
from collections.abc import Iterable

from .configuration import Cluster, Repository
from .database import information, pgbackrest
from .server import sql

SEGMENT = re.compile(r"\b([0-9A-F]{24})-[0-9a-f]{40}")
PER_LOG = 256  # segments of 16 MiB in what the name's middle part counts
ARCHIVED = "SELECT last_archived_wal FROM pg_stat_archiver;"


def missing(cluster: Cluster, repository: Repository) -> list[int]:
    """Numbers of the segments that the server gave to the archive since the newest backup began,
    and that the repository has not. Raises BackupError when it can't be read."""
    stanza = information(repository)
    last = sql(cluster, ARCHIVED)
    if not stanza.get("backup") or not re.match(r"[0-9A-F]{24}", last):
        return []
    newest = max(stanza["backup"], key=lambda each: each["timestamp"]["stop"])
    first, end = number(newest["archive"]["start"]), number(last)
    found: set[int] = set()
    for folder in (f"archive/main/{each['id']}" for each in stanza["archive"]):
        for name in pgbackrest("repo-ls", folder, repository=repository).split():
            if re.fullmatch("[0-9A-F]{16}", name) and int(name[8:], 16) >= first // PER_LOG:
                listed = pgbackrest("repo-ls", f"{folder}/{name}", repository=repository)
                found |= {number(each) for each in SEGMENT.findall(listed)}
    return sorted(set(range(first, end + 1)) - found)


def number(name: str) -> int:
    """The place of a segment in the log, whatever its timeline.

    >>> number("000000020000000100000003")
    259
    """
    return int(name[8:16], 16) * PER_LOG + int(name[16:24], 16)


def words(place: str, gaps: Iterable[int]) -> str:
    """What to say of them."""
    found = list(gaps)
    return (
        f"{place}: write-ahead log is missing since the last backup, {len(found)} segments of"
        f" 16 MiB: what came after them can't be restored from there; backup database full"
    )
