"""One line of the checklist."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """what: is true of a host that is ready. why: it matters. do: where it is not so, what to do.
    settings: keys that have to do with it. is_shown: whether a live host can show it; what it
    cannot is proven by tests alone."""

    id: str
    area: str
    what: str
    why: str
    do: str
    settings: tuple[str, ...] = ()
    is_shown: bool = True
