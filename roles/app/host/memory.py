"""Processes that the kernel has ended for memory, also one of several that a unit has: systemd goes
on with the others and says nothing, nor does whoever started it anew."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from . import systemd

GROUPS = Path("/sys/fs/cgroup")


def killed(units: Iterable[str]) -> dict[str, int]:
    """How many of its processes each unit has lost since it was started; 0 where none tells.

    The count goes with the control group: a unit that ended as a whole begins with 0 again.
    """
    shown = systemd.show(units, "ControlGroup")
    return {unit: _count(values.get("ControlGroup", "")) for unit, values in shown.items()}


def _count(group: str) -> int:
    """Of a control group, of the second version or the first."""
    if not group:
        return 0
    part = group.lstrip("/")
    for file in (
        GROUPS / part / "memory.events",
        GROUPS / "memory" / part / "memory.oom_control",
    ):
        try:
            rows = dict(line.split() for line in file.read_text().splitlines())
        except (OSError, ValueError):
            continue
        return int(rows.get("oom_kill", 0))
    return 0


def of(group: str, controller: str, name: str) -> str:
    """A file of a control group, of the second version or the first; empty where there is none."""
    part = group.lstrip("/")
    return text(GROUPS / part / name) or text(GROUPS / controller / part / name)


def text(path: Path) -> str:
    """What a file of the kernel's says; nothing where it is gone."""
    try:
        return path.read_text(errors="replace")  # an application names its processes itself
    except OSError:
        return ""


class Losses:
    """How many processes units have lost to memory since this was made; called, it tells by now."""

    def __init__(self, units: Iterable[str]) -> None:
        self.units = list(units)
        self.counts = killed(self.units)
        self.lost = dict.fromkeys(self.units, 0)

    def __call__(self) -> dict[str, int]:
        now = killed(self.units)
        for unit, count in now.items():
            before = self.counts[unit]
            self.lost[unit] += count - before if count >= before else count
        self.counts = now
        return self.lost
