"""A release that is built ahead of its switch: a host that has none yet is set up meanwhile."""

from __future__ import annotations

from contextlib import ExitStack

from roles.core.host import lock as locks

from . import built, lock
from .build import build as _build
from .definition import take
from .deploy import say
from .layout import Layout

ONE_AT_A_TIME = "ahead.lock"
"""Of several applications each waits for the one before: a small host has no memory for two."""


def build(layout: Layout, tag: str, commit: str, identity: str, who: str) -> None:
    """Build what the toolkit's last run defined, which must be `identity`, unless it is built.

    Nothing is noted of a build that fails: what makes it live builds it again, and tells whoever
    waits for that. Raises ReleaseError for why, and Locked while somebody does something else.
    """
    with ExitStack() as held:
        held.enter_context(locks.held(layout.lock.with_name(ONE_AT_A_TIME), lambda *_: True))
        # By that name what makes it live waits for it.
        held.enter_context(lock.held(layout.lock, who, f"release {tag}"))
        definition = take(layout, tag, identity)
        if not built.find(layout, tag, commit, built.of(definition)):
            _build(layout, definition, say)
