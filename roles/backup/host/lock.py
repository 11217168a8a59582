"""One job at a time: a scheduled one is refused while one of its kind runs, all others wait."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from roles.core.host import lock

from .errors import BackupError


def is_held(name: str, folder: Path = lock.FOLDER) -> bool:
    """Whether a job of that name runs, or waits for another one."""
    return lock.is_held(_path(name, folder))


ASKED = 0.5
"""Seconds that one who is to be refused waits: who asks whether it is held has it for a moment."""


@contextmanager
def held(
    name: str, folder: Path = lock.FOLDER, *, wait: bool = False, say: str = ""
) -> Iterator[None]:
    """Hold the lock `name` while the body runs. When somebody else does, wait for as long as it
    takes, after printing `say`, or raise BackupError."""
    said: list[str] = []

    def waits(_: Mapping[str, Any], waited: float) -> bool:
        if wait and say and not said:
            print(say, flush=True)
            said.append(say)
        return wait or waited < ASKED

    try:
        with lock.held(_path(name, folder), waits):
            yield
    except lock.Busy:
        raise BackupError(f"{name}: the one before is still running") from None


def _path(name: str, folder: Path) -> Path:
    return folder / f"backup-{name}.lock"
