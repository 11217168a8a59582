"""Two processes that say JSON a line: one on the host, over SSH, and the visitors here."""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Sequence
from typing import Any

Line = tuple[str, dict[str, Any]]
ENDED = "ended"
LAST_WORDS = 20  # lines of stderr that are kept


class Process:
    """Ends when its standard input does, so also when this process is killed."""

    def __init__(
        self, name: str, command: Sequence[str], first: str, into: queue.Queue[Line]
    ) -> None:
        self.name, self._into = name, into
        pipe = subprocess.PIPE
        self._process = subprocess.Popen(
            list(command), stdin=pipe, stdout=pipe, stderr=pipe, text=True, errors="replace"
        )
        self.words: list[str] = []
        self._readers = [
            threading.Thread(target=read, daemon=True) for read in (self._read, self._listen)
        ]
        for each in self._readers:
            each.start()
        self.send(first)

    def send(self, text: str) -> None:
        """Nobody may listen any more: that is heard on the other side."""
        try:
            assert self._process.stdin  # noqa: S101 - for the type checker
            self._process.stdin.write(text)
            self._process.stdin.flush()
        except (OSError, ValueError):
            pass

    def close(self) -> None:
        """Have it end by itself."""
        try:
            assert self._process.stdin  # noqa: S101 - for the type checker
            self._process.stdin.close()
        except OSError:
            pass

    def kill(self) -> None:
        self._process.kill()

    def wait(self, seconds: float) -> int | None:
        """Its exit status, once it has ended and all it said is read; None if it goes on."""
        try:
            status = self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return None
        for each in self._readers:
            each.join(seconds)
        return status

    def _read(self) -> None:
        for line in self._process.stdout or ():
            try:
                said = json.loads(line)
            except ValueError:
                continue  # what a scenario prints
            if isinstance(said, dict):
                self._into.put((self.name, said))
        self._into.put((self.name, {ENDED: True}))

    def _listen(self) -> None:
        for line in self._process.stderr or ():
            self.words = [*self.words, line.rstrip()][-LAST_WORDS:]


def python() -> str:
    return sys.executable
