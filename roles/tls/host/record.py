"""How the last attempt ended, and that there is one attempt at a time."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from roles.core.host import disk, lock

from .errors import CertificateError
from .layout import STORE

FILE = Path(STORE) / "outcome.json"
LOCK = lock.FOLDER / "certificate.lock"
SECONDS = 600  # for the attempt before


@dataclass(frozen=True)
class Outcome:
    """at: seconds since 1970, 0 for never. reason: why it failed, empty when it did not."""

    at: float = 0
    reason: str = ""


def last(file: Path = FILE) -> Outcome:
    """How the last attempt ended."""
    try:
        return Outcome(**json.loads(file.read_text()))
    except (OSError, ValueError, TypeError):
        return Outcome()


def write(reason: str, file: Path = FILE) -> None:
    """Note how an attempt ended, whole or not at all."""
    disk.write_json(file, asdict(Outcome(time.time(), reason)))


@contextmanager
def alone(path: Path = LOCK) -> Iterator[None]:
    """Wait for an attempt that is under way, then keep others waiting."""
    try:
        with lock.held(path, lambda _, seconds: seconds < SECONDS):
            yield
    except lock.Busy:
        raise CertificateError("another attempt is still under way") from None
