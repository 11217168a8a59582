"""How a command ended, in the number and the words that its operator gets."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from dataclasses import dataclass

from .. import cause, systemd
from ..layout import Layout

TIMEOUT = 124  # as timeout(1) says it
KILLED = 128 + signal.SIGKILL


class Left(Exception):
    """Whoever wanted the command is gone, or told it to end, by this signal."""

    def __init__(self, number: int = signal.SIGHUP) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True)
class End:
    """Exit status; words for the record; what the operator is told, empty for nothing."""

    status: int
    words: str
    said: str = ""


class Watch:
    """Made before a command starts: what its end is to be told from. limits: of its unit."""

    def __init__(self, layout: Layout, unit: str, limits: Mapping[str, str]) -> None:
        self.slice, self.unit, self.limits = f"{layout.name}-run.slice", unit, limits
        self.before = cause.killed(self.slice)

    def ended(self, status: int) -> End:
        """The end of the unit, whose systemd-run ended with `status`. One that failed is still
        there to be asked; of others nothing is left."""
        shown = systemd.show([self.unit], "Result", "ExecMainStatus")[self.unit]
        memory = False if status != KILLED else self._memory()
        return read({"Result": "success", **shown}, status, self.limits, memory)

    def _memory(self) -> bool | None:
        """Whether the kernel has ended something for memory; None where it does not tell."""
        now = cause.killed(self.slice)
        return None if now is None or self.before is None else now > self.before


def read(
    shown: Mapping[str, str], status: int, limits: Mapping[str, str], memory: bool | None
) -> End:
    """An end, by what systemd says of the unit, the exit status and the kernel."""
    result = shown["Result"]
    ceiling = (
        f"its ceiling of {limits.get('MemoryMax', '?')}iB (app.run.memory_max_mb) or that of all"
        " processes together (app.memory_share_percent)"
    )
    if result == "oom-kill" or memory:
        return _told(KILLED, f"out of memory: it was killed at {ceiling}")
    if result == "timeout":
        seconds = limits.get("RuntimeMaxSec", "?")
        return _told(TIMEOUT, f"timeout: it was ended after {seconds} s (app.run.timeout_seconds)")
    if result in ("signal", "core-dump") and shown.get("ExecMainStatus", "").isdigit():
        status = 128 + int(shown["ExecMainStatus"])
    elif result not in ("success", "exit-code"):
        return _told(status or 1, f"systemd could not run it: {result}")
    if status == KILLED and memory is None:
        return _told(
            status,
            f"killed by SIGKILL, as the kernel does when it is out of memory, at {ceiling}",
        )
    return End(status, f"exit status {status}")


def _told(status: int, words: str) -> End:
    return End(status, words, words)
