"""A step from what a server has to what is wanted: words, and the SQL."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Step:
    """What is done, in words that hold no secret, and the SQL that does it."""

    what: str
    sql: str
