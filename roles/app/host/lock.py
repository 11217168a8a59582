"""One release at a time: a lock that says who holds it and goes when its holder does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from roles.core.host import lock
from roles.core.host.clock import stamp

from .errors import Locked

BRIEF = "the end of the time that the former release stays warm"
"""What takes a moment only, so that everybody waits for it."""
PATIENCE = 1800  # seconds to wait for a run that does what this one would do


@contextmanager
def held(path: Path, who: str, what: str) -> Iterator[bool]:
    """Hold the lock; gives whether another holder was waited for.

    A holder that does the very same, such as the run of a lost connection, is waited for, and
    one that takes a moment; any other one is a reason to go: raises Locked with its name.
    """

    def waits(holder: Mapping[str, Any], seconds: float) -> bool:
        return holder.get("what", what) in (what, BRIEF) and seconds < PATIENCE

    try:
        with lock.held(path, waits, {"who": who, "what": what, "since": stamp()}) as waited:
            yield waited
    except lock.Busy as busy:
        holder = busy.holder
        raise Locked(
            f"{holder.get('who', 'somebody')} is busy with {holder.get('what', 'a release')}"
            f" since {holder.get('since', '?')} (process {holder.get('pid', '?')})"
        ) from None


is_held = lock.is_held
