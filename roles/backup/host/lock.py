"""One job of a kind at a time: who comes second says so and goes."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .errors import BackupError

FOLDER = Path("/run/lock")


@contextmanager
def held(name: str, folder: Path = FOLDER) -> Iterator[None]:
    """Hold the lock `name` while the body runs. Raises BackupError when somebody else does."""
    descriptor = os.open(folder / f"backup-{name}.lock", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupError(f"{name}: the one before is still running") from None
        yield
    finally:
        os.close(descriptor)
