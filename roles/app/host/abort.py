"""Aborting the rollout watch of a release that somebody has seen enough of."""

from __future__ import annotations

import time
from collections.abc import Callable

from roles.core.host import disk

from . import lock, pending_switch, slots
from .layout import Layout


def abort_watch(layout: Layout, tag: str | None, who: str, say: Callable[[str], None]) -> bool:
    """Abort a running watch and roll back. Returns whether the previous release is live.

    Does nothing where nobody watches, or where `tag` is not the previous release.
    """
    pending = pending_switch.read(layout)
    if not (pending and pending.watched and lock.is_held(layout.lock)):
        return False
    if tag not in (None, pending.entry["from"]):
        return False
    # An earlier version of this program, started before an upgrade, looks for its own name.
    former = not layout.pending.exists()
    disk.write(layout.former_abort if former else layout.abort, who.encode(), 0o600)
    say(f"{pending.entry['tag']} is being watched; it is rolled back now")
    while pending_switch.read(layout) and lock.is_held(layout.lock):
        time.sleep(0.1)
    withdraw(layout)
    return slots.live(layout) != pending.slot


def requested(layout: Layout) -> str:
    """Who wants the watched release rolled back, as a reason; empty while nobody does."""
    for path in (layout.abort, layout.former_abort):
        try:
            return f"{path.read_text()} rolled it back"
        except FileNotFoundError:
            continue
    return ""


def withdraw(layout: Layout) -> None:
    """Nobody wants it any more."""
    layout.abort.unlink(missing_ok=True)
    layout.former_abort.unlink(missing_ok=True)
