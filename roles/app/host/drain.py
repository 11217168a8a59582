"""Waiting until nobody is connected to processes that get no new requests."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

SETTLE = 1.0  # seconds in which Nginx finishes a connect that began before the switch
TABLE = Path("/proc/net/unix")
CONNECTING, CONNECTED = "02", "03"


def connections(sockets: Iterable[Path], table: str) -> int:
    """Open connections to `sockets`, from the text of /proc/net/unix."""
    paths = {str(path) for path in sockets}
    count = 0
    for line in table.splitlines():
        fields = line.split(maxsplit=7)
        if len(fields) == 8 and fields[5] in (CONNECTING, CONNECTED) and fields[7] in paths:
            count += 1
    return count


def wait(
    sockets: Iterable[Path],
    longest: float,
    read: Callable[[], str] = TABLE.read_text,
    settle: float = SETTLE,
) -> int:
    """Wait until nobody is connected, at most `longest` seconds. Connections that are left."""
    sockets = list(sockets)
    end = time.monotonic() + longest
    time.sleep(settle)
    while (left := connections(sockets, read())) and time.monotonic() < end:
        time.sleep(0.1)
    return left
