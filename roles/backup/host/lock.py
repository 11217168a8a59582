"""One job at a time: one of the same kind is refused, one of another kind waits."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import BackupError

FOLDER = Path("/run/readyhost")  # root's alone: who can open a lock can hold it


@contextmanager
def held(name: str, folder: Path = FOLDER, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock `name` while the body runs. When somebody else does, wait for as long as it
    takes, or raise BackupError."""
    folder.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(folder / f"backup-{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            raise BackupError(f"{name}: the one before is still running") from None
        yield
    finally:
        os.close(descriptor)
