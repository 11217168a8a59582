"""How many processes those of a unit make themselves, as far as they are seen while they run: one
of which nobody has said so is sized as one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from . import systemd

PROC = Path("/proc")
SIZED = re.compile(r"\bWEB_CONCURRENCY=(\d+)")  # what the toolkit sets of each unit
ADVICE = re.compile(r"; it makes \d+ processes itself and is sized as one: (set \S+ = \d+)")


def members(units: Iterable[str]) -> Iterator[tuple[str, Path]]:
    """Units that processes belong to, each with the process' folder of /proc."""
    of = {f"/{unit}": unit for unit in units}
    for process in PROC.glob("[0-9]*"):
        try:
            groups = (process / "cgroup").read_text().splitlines()
        except OSError:
            continue  # it has ended
        found = {of[end] for line in groups if (end := f"/{line.rpartition('/')[2]}") in of}
        for unit in found:
            yield unit, process


def forks(units: Iterable[str]) -> dict[str, int]:
    """How many processes of one name one parent has in each unit, at most: a start by npm or a
    shell, one in the other, is one."""
    siblings: dict[str, Counter[tuple[str, str]]] = {}
    for unit, process in members(units):
        try:
            # "PID (NAME) STATE PARENT ...", where a name may have any character
            name, _, rest = (process / "stat").read_text().partition("(")[2].rpartition(")")
        except (OSError, UnicodeDecodeError):
            continue
        siblings.setdefault(unit, Counter())[name, rest.split()[1]] += 1
    return {unit: max(counts.values()) for unit, counts in siblings.items()}


class Trees:
    """The most forks that units were seen with since this was made."""

    def __init__(self) -> None:
        self.seen: dict[str, int] = {}

    def look(self, units: Iterable[str]) -> None:
        for unit, count in forks(units).items():
            self.seen[unit] = max(count, self.seen.get(unit, 0))

    def advice(self, unit: str, table: str) -> str:
        """What to do about a unit that forks though it is sized as one process, whose settings are
        `table`; empty when it is not such a one."""
        self.look([unit])
        count = self.seen.get(unit, 0)
        environment = systemd.show([unit], "Environment")[unit].get("Environment", "")
        sized = SIZED.search(environment)
        if count < 2 or sized is None or int(sized[1]) > 1:
            return ""
        seen = f"; it makes {count} processes itself and is sized as one"
        return f"{seen}: set {table}.forks = {count}"


def advised(said: str) -> str:
    """The setting that what was `said` of a process advises; empty for none."""
    found = ADVICE.search(said)
    return found[1] if found else ""
