"""A switch that is not finished: noted on the disk, so that whoever comes next can finish it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from roles.core.host import disk

from .layout import Layout


@dataclass(frozen=True)
class Trial:
    """What was switched to, and on whose word.

    slot: where it runs; identity: of its definition; entry: what the record will say of it;
    watched: whether it is to be watched; verdict: why it is bad, once that is decided.
    """

    slot: str
    identity: str
    entry: dict[str, Any]
    watched: bool
    verdict: str = ""


def write(layout: Layout, trial: Trial) -> None:
    """Note `trial`: on the disk when this returns."""
    disk.write_json(layout.trial, asdict(trial))


def read(layout: Layout) -> Trial | None:
    """The switch that is not finished."""
    values = disk.read_json(layout.trial)
    return Trial(**values) if values else None


def end(layout: Layout) -> None:
    """It is finished."""
    layout.trial.unlink(missing_ok=True)
