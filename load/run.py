"""One test: the host's side and the visitors, from the first line to the last."""

from __future__ import annotations

import json
import queue
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from readyhost.hosts import Host
from roles.core.errors import OperatorError
from roles.core.plain import plain

from . import remote
from .stages import Stage
from .streams import ENDED, Line, Process

BEGIN = 30.0  # seconds that the host may take to begin
SILENT = 15.0  # seconds without a word of the host's after which the test ends
BEAT = 1.0
FLUSH = (
    3.0  # seconds after which Nginx has written what it held back, beyond nginx.log_flush_seconds
)
CLIENT = [sys.executable, "-m", "load.client"]


@dataclass
class Seen:
    """All that both sides said of one round, by this machine's clock."""

    facts: dict[str, Any]
    told: list[dict[str, Any]] = field(default_factory=list)
    samples: list[dict[str, Any]] = field(default_factory=list)
    abort: str = ""


class Run:
    """The host's side, open for one round of visitors or several. Whatever ends it, the host puts
    back what it lifted."""

    def __init__(self, host: Host, wish: dict[str, Any], seconds: int) -> None:
        self._lines: queue.Queue[Line] = queue.Queue()
        self._beat = 0.0
        self._offset = 0.0
        self.host = Process(
            "host", remote.start(host, seconds), remote.first_line(wish), self._lines
        )
        self.facts = self._begun()

    def _begun(self) -> dict[str, Any]:
        end = time.monotonic() + BEGIN
        while time.monotonic() < end:
            who, said = self._next()
            if said.get("ready"):
                self._offset = float(said["now"]) - time.time()
                return said
            if "refused" in said:
                raise OperatorError(plain(str(said["refused"])))
            if who == "host" and ENDED in said:
                break
        self.host.kill()
        self.host.wait(5)
        words = plain(" ".join(self.host.words[-3:]))
        if "already" in words and remote.UNIT in words:
            raise OperatorError("another load test is under way on this host")
        raise OperatorError(f"the host's side did not begin: {words or 'no answer'}")

    def round(
        self, told: dict[str, Any], stages: Sequence[Stage], show: Callable[[dict[str, Any]], None]
    ) -> Seen:
        """Have visitors come, to the end of the last stage or until something ends it."""
        seen = Seen(self.facts)
        first = json.dumps({**told, "stages": [each.as_dict() for each in stages]}) + "\n"
        visitors = Process("visitors", CLIENT, first, self._lines)
        heard = time.monotonic()
        try:
            while True:
                who, said = self._next()
                if who == "host" and said:
                    heard = time.monotonic()
                if self._noted(seen, who, said, show):
                    break
                if seen.abort:
                    break
                if time.monotonic() - heard > SILENT:
                    seen.abort = "the host has said nothing for a while"
                    break
        except KeyboardInterrupt:
            seen.abort = "you ended it"
        finally:
            # At once: whatever is wrong there, nobody asks any more.
            visitors.kill()
            visitors.wait(2)
        if not seen.told and not seen.abort:
            words = plain(" | ".join(visitors.words[-3:]))
            raise OperatorError(f"the visitors did not come: {words}")
        self._rest(seen)
        return seen

    def _noted(self, seen: Seen, who: str, said: dict[str, Any], show: Any) -> bool:
        """Keep one line; returns whether it was the visitors' last."""
        if who == "host" and "sample" in said:
            seen.samples.append(self._here(said["sample"]))
        if who == "visitors" and "stage" in said:
            seen.told.append(said)
            show(said)
        if "abort" in said:
            seen.abort = plain(str(said["abort"]))
        if ENDED in said and who == "host":
            seen.abort = seen.abort or "the connection to the host was lost"
        return who == "visitors" and (ENDED in said or "done" in said)

    def _rest(self, seen: Seen) -> None:
        """What the host still has to say: its log comes later than the answers."""
        end = time.monotonic() + FLUSH
        while time.monotonic() < end:
            self._noted(seen, *self._next(), lambda said: None)
        self.host.send("last\n")
        end = time.monotonic() + 5
        while time.monotonic() < end:
            who, said = self._next()
            self._noted(seen, who, said, lambda said: None)
            if "last" in said or (who == "host" and ENDED in said):
                break

    def ask(self, word: str, seconds: float = 60) -> list[str]:
        """Have the host do something between two rounds."""
        self.host.send(f"{word}\n")
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            _, said = self._next()
            if word in said:
                return [str(each) for each in said[word]]
        raise OperatorError(f"the host did not answer to `{word}`")

    def close(self) -> None:
        self.host.close()
        if self.host.wait(15) is None:
            self.host.kill()

    def _here(self, sample: dict[str, Any]) -> dict[str, Any]:
        """By this machine's clock."""
        log = {float(when) - self._offset: each for when, each in sample["nginx"].items()}
        return {**sample, "at": sample["at"] - self._offset, "nginx": log}

    def _next(self) -> Line:
        """The next line of either side; the host is told that somebody listens."""
        if time.monotonic() - self._beat >= BEAT:
            self._beat = time.monotonic()
            self.host.send("\n")
        try:
            return self._lines.get(timeout=BEAT / 4)
        except queue.Empty:
            return "", {}
