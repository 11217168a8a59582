"""Restores that were made here: a backup of what such a restore undid leads nowhere any more."""

from __future__ import annotations

from typing import Any

from roles.core.host import journal

from .configuration import STATE

FILE = STATE / "restores.jsonl"


def note(to: float | None, at: float) -> None:
    """The database went back to `to` at the time `at`, seconds of the epoch; None: nowhere."""
    journal.append(FILE, {"to": at if to is None else to, "at": at})


def last() -> float:
    """When the database was last restored; 0: never."""
    return max((float(each["at"]) for each in journal.read(FILE)), default=0.0)


def alive(found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The backups that were not made of what a restore undid afterwards."""
    undone = [(float(each["to"]), float(each["at"])) for each in journal.read(FILE)]
    return [
        each for each in found if not any(to < each["timestamp"]["stop"] <= at for to, at in undone)
    ]
