"""How much of the CPU's time the two slots get where there is not enough for both.

A release that starts takes what the live one leaves, so that its start is not what users wait for.
A tenth of the live one's weight: an idle group would hardly run at all beside a live one that takes
all there is.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from . import systemd
from .layout import Layout

LIVE, STARTING = 100, 10  # systemd's weights
PATIENCE = 10.0  # seconds; what is not up by then, as on a host without a rest, starts as an equal
HASTE = 2.0  # seconds, the same on the way back: what is live may be what keeps the host busy


def equal(layout: Layout, slot: str) -> None:
    """Give what runs in `slot` as much as the other slot has."""
    systemd.weigh(layout.slot_slice(slot), LIVE)


def behind(layout: Layout, slot: str, patience: float) -> Callable[[], None]:
    """Let what starts in `slot` come after the other slot; what is returned is to be called while
    waiting for it, and makes the two equal when it takes longer than `patience`, seconds."""
    systemd.weigh(layout.slot_slice(slot), STARTING)
    late = time.monotonic() + patience

    def look() -> None:
        nonlocal late
        if time.monotonic() > late:
            equal(layout, slot)
            late = float("inf")

    return look
