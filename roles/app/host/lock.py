"""One release at a time: a lock that says who holds it and goes when its holder does."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from .errors import Locked

PATIENCE = 1800  # seconds to wait for a run that does what this one would do


@contextmanager
def held(path: Path, who: str, what: str) -> Iterator[bool]:
    """Hold the lock; gives whether another holder was waited for.

    A holder that does the very same, such as the run of a lost connection, is waited for; any
    other one is a reason to go: raises Locked with its name.
    """
    descriptor = _open(path)
    try:
        waited = _take(descriptor, what)
        _write(descriptor, {"who": who, "what": what, "pid": os.getpid(), "since": _now()})
        yield waited
        os.ftruncate(descriptor, 0)
    finally:
        os.close(descriptor)


def is_held(path: Path) -> bool:
    """Whether somebody holds the lock."""
    descriptor = _open(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _open(path: Path) -> int:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _take(descriptor: int, what: str) -> bool:
    end = time.monotonic() + PATIENCE
    waited = False
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return waited
        except BlockingIOError:
            holder = _read(descriptor)
        if holder.get("what", what) != what or time.monotonic() > end:
            raise Locked(
                f"{holder.get('who', 'somebody')} is busy with {holder.get('what', 'a release')}"
                f" since {holder.get('since', '?')} (process {holder.get('pid', '?')})"
            )
        waited = True
        time.sleep(0.2)


def _read(descriptor: int) -> dict[str, Any]:
    try:
        value = json.loads(os.pread(descriptor, 4096, 0))
    except ValueError:
        return {}
    return value if isinstance(value, dict) else {}


def _write(descriptor: int, holder: dict[str, Any]) -> None:
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(holder).encode(), 0)


def _now() -> str:
    return datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
