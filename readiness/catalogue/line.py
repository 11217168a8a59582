"""One line of the checklist."""

from __future__ import annotations

import re
from dataclasses import dataclass

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_ASIDE = re.compile(r" \(\[[^\]]*\]\([^)]*\)\)")


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

    @property
    def plain(self) -> str:
        """`what` without links and marks."""
        return _LINK.sub(r"\1", _ASIDE.sub("", self.what)).replace("`", "")
