"""The host as a whole, from /proc: no process is started."""

from __future__ import annotations

import os
import re
from pathlib import Path

PROC = Path("/proc")
WEB = re.compile(rb":(?:01BB|0050) [0-9A-F]+:[0-9A-F]{4} 01 ")
"""An established connection to port 443 or 80."""


class Cpu:
    """Shares of all cores since the last look, %."""

    def __init__(self) -> None:
        self._last = _ticks()

    def read(self) -> dict[str, float]:
        now = _ticks()
        spent = [after - before for after, before in zip(now, self._last, strict=True)]
        self._last = now
        total = sum(spent) or 1
        idle, steal = spent[3] + spent[4], spent[7]
        return {"cpu": 100 * (total - idle - steal) / total, "steal": 100 * steal / total}


def _ticks() -> list[int]:
    first = (PROC / "stat").read_text().split("\n", 1)[0]
    # guest time is in user time already
    return [int(each) for each in first.split()[1:9]]


def memory() -> float:
    """What is used and cannot be freed, %."""
    rows = (line.split() for line in (PROC / "meminfo").read_text().splitlines())
    found = {row[0]: int(row[1]) for row in rows}
    return 100 * (1 - found["MemAvailable:"] / found["MemTotal:"])


def disk(path: str = "/") -> float:
    """As df says it, %."""
    found = os.statvfs(path)
    used = found.f_blocks - found.f_bfree
    return 100 * used / max(used + found.f_bavail, 1)


def connections() -> int:
    """Clients that are connected to Nginx."""
    tables = (PROC / "net" / name for name in ("tcp", "tcp6"))
    return sum(len(WEB.findall(table.read_bytes())) for table in tables if table.exists())
