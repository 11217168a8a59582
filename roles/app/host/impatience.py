"""Somebody who has seen enough of a release that is still being watched."""

from __future__ import annotations

import time
from collections.abc import Callable

from roles.core.host import disk

from . import lock, slots, trial
from .layout import Layout


def take_back(layout: Layout, tag: str | None, who: str, say: Callable[[str], None]) -> bool:
    """End another run's watch, if what was live before (or `tag`, which is that) is wanted back.

    Whether it is back; otherwise nobody was watching, or the watch was over already.
    """
    of = trial.read(layout)
    if not (of and of.watched and lock.is_held(layout.lock)) or tag not in (None, of.entry["from"]):
        return False
    disk.write(layout.back, who.encode(), 0o600)
    say(f"{of.entry['tag']} is being watched; it is taken back now")
    while trial.read(layout) and lock.is_held(layout.lock):
        time.sleep(0.1)
    forget(layout)
    return slots.live(layout) != of.slot


def given_up(layout: Layout) -> str:
    """Who wants the release back that is being watched, as a reason; empty while nobody does."""
    try:
        return f"{layout.back.read_text()} rolled it back"
    except FileNotFoundError:
        return ""


def forget(layout: Layout) -> None:
    """Nobody wants anything back."""
    layout.back.unlink(missing_ok=True)
