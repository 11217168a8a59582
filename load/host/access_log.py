"""What Nginx itself measured of the test's own requests, by the second in which each ended."""

from __future__ import annotations

import os
import re
from datetime import datetime
from pathlib import Path
from typing import IO

from load.histogram import Histogram, add

LINE = re.compile(
    rb'^\{"time":"([^"]+)".*?"path":"([^"]*)".*?"status":(\d+).*?"request_time":([\d.]+)'
)
PATHS = 12
"""That are told apart in a second; a number in one is no other path."""
MOST = 16 * 2**20
"""Bytes that are read at one look: 2000 requests a second for half a minute are less."""


class AccessLog:
    """Follows the log over its rotation, from its end."""

    def __init__(self, path: str, agent: str) -> None:
        self.path = Path(path)
        self.agent = b'"agent":"' + agent.encode() + b'"'
        self._file: IO[bytes] | None = None
        self._part = b""
        self._when: tuple[bytes, int] = (b"", 0)
        self._open(at_end=True)

    def read(self) -> dict[int, dict[str, object]]:
        """By second: how long Nginx took (ms: requests), how many answers were errors, and how many
        by path led elsewhere."""
        found: dict[int, dict[str, object]] = {}
        if self._file:
            self._take(self._file.read(MOST), found)
        if self._rotated():
            self._open(at_end=False)
            if self._file:
                self._take(self._file.read(MOST), found)
        return found

    def _take(self, text: bytes, found: dict[int, dict[str, object]]) -> None:
        *lines, self._part = (self._part + text).split(b"\n")
        for line in lines:
            # Text is looked at before it is understood: most lines may be somebody else's.
            if self.agent in line and (match := LINE.match(line)):
                empty = {"times": {}, "errors": 0, "moved": {}}
                second = found.setdefault(self._second(match[1]), empty)
                times: Histogram = second["times"]  # type: ignore[assignment]
                add(times, 1000 * float(match[4]))
                if 300 <= int(match[3]) < 400 and int(match[3]) != 304:
                    moved: dict[str, int] = second["moved"]  # type: ignore[assignment]
                    path = re.sub(r"\d+", "N", match[2].decode(errors="replace"))
                    path = path if path in moved or len(moved) < PATHS else "others"
                    moved[path] = moved.get(path, 0) + 1
                if int(match[3]) >= 400:
                    second["errors"] = int(str(second["errors"])) + 1

    def _second(self, text: bytes) -> int:
        if text != self._when[0]:
            self._when = (text, int(datetime.fromisoformat(text.decode()).timestamp()))
        return self._when[1]

    def _rotated(self) -> bool:
        try:
            now = self.path.stat()
        except OSError:
            return False
        return self._file is None or os.fstat(self._file.fileno()).st_ino != now.st_ino

    def _open(self, *, at_end: bool) -> None:
        if self._file:
            self._file.close()
        try:
            self._file = self.path.open("rb")
        except OSError:
            self._file = None
            return
        if at_end:
            self._file.seek(0, os.SEEK_END)
