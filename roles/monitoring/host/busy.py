"""What is going on that explains a number: a release, a backup, a drill, a load test. Whether a
lock is held is read in the kernel's list: who tries a lock holds it for a moment."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .configuration import Configuration
from .exposition import Sample

FOLDER = Path("/run/readyhost")
LOCKS = Path("/proc/locks")
KINDS = {
    "release": ("*-release.lock",),
    "backup": ("backup-any.lock",),
    "drill": ("backup-drill.lock",),
    "load": ("load.lock", "*-load.lock"),
}


def look(_: Configuration, __: dict[str, Any]) -> Iterator[Sample]:
    held = inodes(LOCKS.read_text())
    for kind, patterns in KINDS.items():
        files = [path for pattern in patterns for path in FOLDER.glob(pattern)]
        busy = any(_mark(path) in held for path in files)
        yield Sample("readyhost_busy", float(busy), {"what": kind})


def inodes(locks: str) -> set[str]:
    """Of all files that somebody holds, not of those that somebody waits for.

    >>> inodes("1: FLOCK  ADVISORY  WRITE 12 00:19:345 0 EOF")
    {'00:19:345'}
    """
    rows = [line.split() for line in locks.splitlines()]
    return {row[5] for row in rows if len(row) > 5 and row[1] == "FLOCK"}


def _mark(path: Path) -> str:
    found = path.stat()
    return f"{os.major(found.st_dev):02x}:{os.minor(found.st_dev):02x}:{found.st_ino}"
