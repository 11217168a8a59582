"""Room on the disk: a backup is ended before the database has none left."""

from __future__ import annotations

import os
import shutil
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from .configuration import Configuration
from .errors import BackupError, advised

INTERVAL = 0.5  # seconds between two looks


@contextmanager
def guarded(configuration: Configuration) -> Iterator[None]:
    """Raise BackupError in the body as soon as less than half of the reserve is free, and before
    it when that is so already. For what writes to this host's own disk."""
    _look(configuration)
    ended = threading.Event()
    former = signal.signal(signal.SIGUSR1, _full)
    watcher = threading.Thread(target=_watch, args=(configuration, ended), daemon=True)
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()
        signal.signal(signal.SIGUSR1, former)


def short(configuration: Configuration) -> str:
    """What to say when there is too little room; nothing while there is enough."""
    disk = shutil.disk_usage(configuration.directory)
    if disk.free * 200 >= disk.total * configuration.disk_reserve_percent:
        return ""
    return advised(
        f"disk full: {disk.free // 2**20} MiB are left for {configuration.directory}, less than"
        " half of backup.disk_reserve_percent"
    )


def _look(configuration: Configuration) -> None:
    if said := short(configuration):
        raise BackupError(said)


def _watch(configuration: Configuration, ended: threading.Event) -> None:
    while not ended.wait(INTERVAL):
        if short(configuration):
            os.kill(os.getpid(), signal.SIGUSR1)
            return


def _full(number: int, frame: FrameType | None) -> None:
    raise BackupError(advised("disk full: the backup was ended, so that the database can go on"))
