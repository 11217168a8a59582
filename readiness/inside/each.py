"""Lines that each application has for itself: of several, each is looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from .look import Look

if TYPE_CHECKING:
    from settings import Settings

OWN = frozenset(
    "APP-01 APP-02 APP-03 APP-04 APP-05 APP-06 APP-07 APP-08 APP-09 APP-10 APP-11 APP-12"
    " REL-01 REL-02 REL-03 REL-04 REL-06 REL-08 DB-04 DB-05 DB-06 DB-10 CACHE-03 WEB-01 LOG-01"
    " SEC-01 SEC-02 SEC-06".split()
)
"""A line is true of the host when it is true of each of them."""


def named(looks: Sequence[Look], view: Settings) -> list[Look]:
    """The looks, whose evidence names the application where it has not the host to itself."""
    return [*looks] if view.app.alone else [replace(each, of=view.app.name) for each in looks]


def serving(settings: Settings) -> Settings | None:
    """The first application of which something runs; None where all are files."""
    return next((view for view in settings.applications if view.app.kind != "static"), None)
