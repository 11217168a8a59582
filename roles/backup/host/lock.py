"""One job at a time: one of the same kind is refused, one of another kind waits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from roles.core.host import lock

from .errors import BackupError


@contextmanager
def held(
    name: str, folder: Path = lock.FOLDER, *, wait: bool = False, say: str = ""
) -> Iterator[None]:
    """Hold the lock `name` while the body runs. When somebody else does, wait for as long as it
    takes, after printing `say`, or raise BackupError."""
    said: list[str] = []

    def waits(_: Mapping[str, Any], __: float) -> bool:
        if wait and say and not said:
            print(say, flush=True)
            said.append(say)
        return wait

    try:
        with lock.held(folder / f"backup-{name}.lock", waits):
            yield
    except lock.Busy:
        raise BackupError(f"{name}: the one before is still running") from None
