"""What systemd counts of each unit: memory, CPU, tasks, restarts, failure. The kernel keeps these
figures anyway; a program that looks at every process would cost ten times as much."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .configuration import Configuration
from .exposition import Sample
from .said import said

PROPERTIES = (
    "Id",
    "ActiveState",
    "NRestarts",
    "MemoryCurrent",
    "MemoryMax",
    "CPUUsageNSec",
    "TasksCurrent",
)
NONE = 2**64 - 1
"""As systemd says that there is no such number."""
FIGURES = {
    "readyhost_unit_memory_bytes": ("MemoryCurrent", 1),
    "readyhost_unit_memory_max_bytes": ("MemoryMax", 1),
    "readyhost_unit_cpu_seconds_total": ("CPUUsageNSec", 1e-9),
    "readyhost_unit_tasks": ("TasksCurrent", 1),
}


def look(_: Configuration, __: dict[str, Any]) -> Iterator[Sample]:
    patterns = ("*.service", "*.timer", "*.mount", "*.socket")
    yield from of(said(["systemctl", "show", f"--property={','.join(PROPERTIES)}", *patterns]))


def of(text: str) -> Iterator[Sample]:
    """From what `systemctl show` says of all units."""
    for block in text.strip().split("\n\n"):
        values = dict(line.partition("=")[::2] for line in block.splitlines())
        unit = values.get("Id", "")
        state = values.get("ActiveState", "inactive")
        if not unit or state == "inactive":
            continue
        labels, service = {"unit": unit}, unit.endswith(".service")
        if service or state == "failed":
            yield Sample("readyhost_unit_failed", float(state == "failed"), labels)
        if not service:
            continue
        yield Sample("readyhost_unit_restarts_total", _number(values, "NRestarts") or 0, labels)
        for name, (key, factor) in FIGURES.items():
            number = _number(values, key)
            if number is not None:
                yield Sample(name, number * factor, labels)


def _number(values: dict[str, str], key: str) -> int | None:
    text = values.get(key, "")
    return int(text) if text.isdigit() and int(text) != NONE else None
