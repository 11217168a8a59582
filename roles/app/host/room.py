"""Room on the disk: a command is ended before the database has none left."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType

INTERVAL = 0.2  # seconds between two looks
MIB = 2**20
FILES = 50  # one in so many of the file system's inodes is left for others
OTHERS = (Path("/"), Path("/var"))
"""Where others have files; /tmp and /var/tmp are on one of them, or are a build's loss alone."""


def short(place: Path, reserve_mb: int) -> str:
    """What to say when there is too little room at a place; nothing while there is enough."""
    about = os.statvfs(place)
    if about.f_flag & os.ST_RDONLY:
        return ""
    free = about.f_bavail * about.f_frsize // MIB
    if free < reserve_mb:
        return f"{place} has {free} MiB free, less than half of app.build.free_disk_mb"
    if about.f_favail * FILES < about.f_files:
        return f"{place} has room for {about.f_favail} more files of {about.f_files}"
    return ""


class Guard:
    """While the body runs, look; as soon as there is too little room end the unit. `said`: why."""

    def __init__(self, unit: str, folders: Iterable[Path], reserve_mb: int) -> None:
        self.unit, self.reserve_mb, self.said = unit, reserve_mb, ""
        self.places = (*folders, *OTHERS)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> Guard:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(INTERVAL):
            said = next(filter(None, (short(each, self.reserve_mb) for each in self.places)), "")
            if said:
                self.said = said
                command = ["systemctl", "kill", "--signal=SIGKILL", self.unit]
                subprocess.run(command, check=False, capture_output=True)
