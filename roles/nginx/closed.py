"""Paths that are closed or counted, in each way in which a program may read them."""

import re
from collections.abc import Iterable

# A blank, a dot, a parameter: what one program takes for part of a name and another one for none.
_IDLE = r"[\x00-\x20.,;+%\\\\]"
_TO_THE_SLASH = rf"(?:{_IDLE}[^/]*)?"
_END = r"([^a-z0-9_-]|$)"


def any_of(paths: Iterable[str]) -> str:
    """A regular expression, without regard to case, for a normalised path that is one of `paths`
    or below it, or that a program which drops `.`, blanks or `;x` could take for it; empty for
    none. `/docs` is also `/docs.json` and `/;x/docs%20`, and neither `/docs-old` nor `/docsets`."""
    return "|".join(_pattern(path) for path in paths)


def _pattern(path: str) -> str:
    parts = [_name(part) for part in path.strip("/").split("/") if part]
    if not parts:
        return "/"
    lead = rf"/(?:{_IDLE}[^/]*/)*{_IDLE}*"
    return lead + rf"{_TO_THE_SLASH}/{_IDLE}*".join(parts) + _END


def _name(part: str) -> str:
    """One name of a path; `*` is any part of it."""
    return "[^/]*".join(re.escape(piece) for piece in part.split("*"))
