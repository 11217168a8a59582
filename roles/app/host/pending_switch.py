"""A switch that is not finished: noted on the disk, so that whoever comes next can finish it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from roles.core.host import disk

from .layout import Layout


@dataclass(frozen=True)
class PendingSwitch:
    """What was switched to, and on whose word.

    slot: where it runs; identity: of its definition; entry: what the record will say of it;
    watched: whether it is to be watched; verdict: why it is bad, once that is decided.
    """

    slot: str
    identity: str
    entry: dict[str, Any]
    watched: bool
    verdict: str = ""


def write(layout: Layout, pending: PendingSwitch) -> None:
    """Note `pending`: on the disk when this returns."""
    disk.write_json(layout.pending, asdict(pending))


def read(layout: Layout) -> PendingSwitch | None:
    """The switch that is not finished; also one that an earlier version of this program left."""
    values = disk.read_json(layout.pending) or disk.read_json(layout.former_pending)
    return PendingSwitch(**values) if values else None


def exists(layout: Layout) -> bool:
    """Whether a switch is not finished."""
    return layout.pending.exists() or layout.former_pending.exists()


def end(layout: Layout) -> None:
    """It is finished."""
    layout.former_pending.unlink(missing_ok=True)
    layout.pending.unlink(missing_ok=True)
