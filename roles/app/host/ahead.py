"""A release that is built ahead of its switch: a host that has none yet is set up meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import ExitStack

from roles.core.host import disk
from roles.core.host import lock as locks

from . import archives, built, lock, result
from .definition import take
from .layout import Layout

ONE_AT_A_TIME = "ahead.lock"
"""Of several applications each waits for the one before: a small host has no memory for two."""


def build(layout: Layout, wish: tuple[str, str, str], who: str, say: Callable[[str], None]) -> None:
    """Build what the toolkit's last run defined, unless it is built. What it says for the end of a
    run is kept until somebody listens: `told`. wish: tag, commit and identity of that.

    Nothing is noted of a build that fails: what makes it live builds it again, and tells whoever
    waits for that. Raises ReleaseError for why, and Locked while somebody does something else.
    """
    tag, commit, identity = wish
    results: list[str] = []

    def hear(text: str) -> None:
        say(text)
        if text.startswith(result.MARK):
            results.append(text)

    with ExitStack() as held:
        held.enter_context(locks.held(layout.lock.with_name(ONE_AT_A_TIME), lambda *_: True))
        # By that name what makes it live waits for it.
        held.enter_context(lock.held(layout.lock, who, f"release {tag}"))
        from . import build as building  # who only asks what was said need not wait for it

        definition = take(layout, tag, identity)
        if not built.find(layout, tag, commit, built.of(definition)):
            begun = time.time()
            building.build(layout, definition, hear)
            disk.write_json(layout.ahead, {"said": results})
            archives.sweep(layout, commit, begun)


def told(layout: Layout) -> list[str]:
    """What the build had to say for the end of a run, once."""
    said = disk.read_json(layout.ahead).get("said", [])
    layout.ahead.unlink(missing_ok=True)
    return list(said)
