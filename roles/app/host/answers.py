"""What Nginx answered for the application, as its access log has it: JSON, one object a line."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from .layout import Layout

LOG = Path("/var/log/nginx/access.log")
LOOKED_BACK = 2**20  # bytes of the log before the switch that are looked at, at most
# Quotes inside of a logged text are escaped, so these can only be what they seem.
STATUS = re.compile(rb'"status":(\d{3})')
# Where one process gave no answer, the next one was asked: both have several, with commas.
UPSTREAM = re.compile(rb'"upstream":"([^"]+)","upstream_status":"([^"]+)"')
TIME = re.compile(rb'"time":"([^"]+)"')


@dataclass
class Counted:
    """Answers and those of them that were a 5xx."""

    total: int = 0
    errors: int = 0

    @property
    def share(self) -> float:
        """5xx in 100 answers."""
        return 100 * self.errors / self.total if self.total else 0.0


class Answers:
    """The answers since this was made, and those of `seconds` before."""

    def __init__(self, layout: Layout, seconds: float, now: float, log: Path = LOG) -> None:
        # "No live upstreams" is logged with the name of them all.
        live, name = str(layout.live).encode(), layout.name.encode()
        self.ours = re.compile(rb'"upstream":"(unix:%s/|%s")' % (re.escape(live), re.escape(name)))
        self.log, self.file, self.rest = log, self._open(log), b""
        self.since, self.before = Counted(), Counted()
        if self.file:
            size = os.fstat(self.file.fileno()).st_size
            self.file.seek(max(size - LOOKED_BACK, 0))
            self._count(self.before, self.file.read(), now - seconds)

    def close(self) -> None:
        if self.file:
            self.file.close()

    def look(self) -> Counted:
        """Read on; all answers until now. A log that was rotated is read to its end first."""
        if self.file:
            self._count(self.since, self.file.read())
        if self._rotated():
            if self.file:
                self.file.close()
            self.file = self._open(self.log)
            if self.file:
                self._count(self.since, self.file.read())
        return self.since

    def _rotated(self) -> bool:
        try:
            there = self.log.stat()
        except OSError:
            return False
        return not self.file or os.fstat(self.file.fileno()).st_ino != there.st_ino

    @staticmethod
    def _open(log: Path) -> BinaryIO | None:
        try:
            return log.open("rb")
        except OSError:
            return None

    def _count(self, counted: Counted, read: bytes, since: float = 0) -> None:
        *lines, self.rest = (self.rest + read).split(b"\n")
        for line in lines:
            status = STATUS.search(line)
            if status and self.ours.search(line) and (not since or _time(line) >= since):
                counted.total += 1
                counted.errors += status[1].startswith(b"5")


def answered(layout: Layout, since: float, log: Path = LOG) -> set[str]:
    """Names of the live sockets that served somebody `since` then, seconds of the epoch, by the end
    of the log: that a process has too much to do is no reason to take it away. A refusal (4xx) is
    not counted. Anybody gets one by any path, also of a process whose work all hangs: an event loop
    refuses by itself, and whoever looks for holes every few seconds would keep it for ever."""
    try:
        with log.open("rb") as file:
            file.seek(max(os.fstat(file.fileno()).st_size - LOOKED_BACK, 0))
            lines = file.read().splitlines()
    except OSError:
        return set()
    found = set()
    for line in reversed(lines):
        if (at := _time(line)) and at < since:
            break
        if asked := UPSTREAM.search(line):
            pairs = zip(asked[1].split(b", "), asked[2].split(b", "), strict=False)
            found |= {place for place, status in pairs if status[:1] in (b"2", b"3")}
    start = f"unix:{layout.live}/"
    names = (place.decode(errors="replace") for place in found)
    return {name.removeprefix(start) for name in names if name.startswith(start)}


def _time(line: bytes) -> float:
    """When a line was logged, seconds of the epoch; 0 where it does not say."""
    logged = TIME.search(line)
    try:
        return datetime.fromisoformat(logged[1].decode()).timestamp() if logged else 0
    except ValueError:
        return 0
