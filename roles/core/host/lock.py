"""One at a time: a lock that says who holds it, and goes when its holder does."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from .errors import HostError

FOLDER = Path("/run/readyhost")
"""Root's alone: who can open a lock can hold it."""
LOOK = 0.2  # seconds

Waits = Callable[[Mapping[str, Any], float], bool]
"""Whether to go on waiting for a holder, who has said this of itself, after so many seconds."""


class Busy(HostError):
    """Somebody else holds it. holder: what that one has said of itself."""

    def __init__(self, holder: Mapping[str, Any]) -> None:
        super().__init__("somebody else holds the lock")
        self.holder = holder


@contextmanager
def held(path: Path, waits: Waits, note: Mapping[str, Any] | None = None) -> Iterator[bool]:
    """Hold the lock `path` while the body runs; gives whether another holder was waited for.

    note: what others read while it is held. Raises Busy when `waits` says to go.
    """
    descriptor = _open(path)
    try:
        waited = _take(descriptor, waits)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, json.dumps({**(note or {}), "pid": os.getpid()}).encode(), 0)
        yield waited
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock."""
    descriptor = _open(path)
    try:
        return not _free(descriptor)
    finally:
        os.close(descriptor)


def _open(path: Path) -> int:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _take(descriptor: int, waits: Waits) -> bool:
    begin, waited = time.monotonic(), False
    while not _free(descriptor):
        if not waits(holder := _read(descriptor), time.monotonic() - begin):
            raise Busy(holder)
        waited = True
        time.sleep(LOOK)
    return waited


def _free(descriptor: int) -> bool:
    """Take it, if nobody holds it."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _read(descriptor: int) -> dict[str, Any]:
    try:
        value = json.loads(os.pread(descriptor, 4096, 0))
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}
