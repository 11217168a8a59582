"""Hour, day, month: what is asked for each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Range:
    """Seconds. window: what rates are taken over, at least twice what facts take to be renewed;
    ticks: between two marks of the time axis; clock: strftime's format of such a mark, UTC."""

    name: str
    seconds: int
    step: int
    window: int
    ticks: int
    clock: str


RANGES = (
    Range("hour", 3600, 30, 300, 600, "%H:%M"),
    Range("day", 86_400, 600, 600, 14_400, "%H:%M"),
    Range("month", 31 * 86_400, 10_800, 10_800, 5 * 86_400, "%d %b"),
)
