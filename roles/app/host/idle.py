"""Processes that make way at once for others of the same parent group.

With a share of the processors, however small, a process lets others wait until its turn is over; an
idle group is put off by whoever wakes. Kernels know that since 5.15; systemd says it to them since
252 only.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

GROUPS = Path("/sys/fs/cgroup")
TREES = ("cpu", "")  # a tree for each controller, or one of all


def put(unit: str, idle: bool, groups: Path = GROUPS) -> None:
    """Make all that runs in a slice idle, or give it its weight again. Nothing happens where the
    kernel does not know it, and while nothing has run in the slice yet."""
    for tree in TREES:
        file = groups / tree / place(unit) / "cpu.idle"
        if file.exists():
            with suppress(OSError):  # then it has its weight
                file.write_text(str(int(idle)))


def place(unit: str) -> Path:
    """The folder of a slice: each dash of its name leads one deeper (systemd.slice(5))."""
    words = unit.removesuffix(".slice").split("-")
    return Path(*(f"{'-'.join(words[: n + 1])}.slice" for n in range(len(words))))
