"""A kind of system, and the checklist that its owners have for it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Wish:
    """A line of a system's checklist, and the lines of the catalogue that make it true. note: what
    the application or somebody else does for it."""

    text: str
    ids: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True)
class System:
    """example: its environment file, in examples/. tests: what deploys it."""

    id: str
    name: str
    example: str
    tests: str
    wishes: tuple[Wish, ...]


def wish(text: str, ids: str, note: str = "") -> Wish:
    """`ids` with blanks between."""
    return Wish(text, tuple(ids.split()), note)
