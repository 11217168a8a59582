"""How the last attempt ended, and that there is one attempt at a time."""

from __future__ import annotations

import fcntl
import json
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from .errors import CertificateError
from .layout import STORE

FILE = Path(STORE) / "outcome.json"
LOCK = Path("/run/readyhost/certificate.lock")  # root's alone: who can open a lock can hold it
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
    new = file.with_suffix(".new")
    new.write_text(json.dumps(asdict(Outcome(time.time(), reason))) + "\n")
    new.rename(file)


@contextmanager
def alone(lock: Path = LOCK) -> Iterator[None]:
    """Wait for an attempt that is under way, then keep others waiting."""
    lock.parent.mkdir(mode=0o700, exist_ok=True)
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        end = time.monotonic() + SECONDS
        while True:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > end:
                    raise CertificateError("another attempt is still under way") from None
                time.sleep(0.5)
        yield
    finally:
        os.close(descriptor)
