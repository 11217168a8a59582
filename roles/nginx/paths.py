"""Paths of URLs as settings name them, and as Nginx matches them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Annotated

from pydantic import StringConstraints

PathPattern = Annotated[str, StringConstraints(pattern=r"^/[A-Za-z0-9_~./*-]*$", max_length=200)]
"""An absolute path of URLs, without escapes; `*` is any part of a name, without a slash."""


def any_of(paths: Iterable[str]) -> str:
    """A regular expression for any of `paths`, empty for none."""
    return "|".join(_expression(path) for path in paths)


def _expression(path: str) -> str:
    return "[^/]*".join(re.escape(part) for part in (path.rstrip("/") or "/").split("*"))
