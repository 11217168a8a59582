"""The first releases of a host: each is built while the host gets what else it has.

A build takes a core for as long as all the rest of a first run, which mostly waits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from roles.core.machine import Machine
from roles.core.step import Part

from . import preflight
from .deploy import BuiltAhead, Live
from .settings import App


def is_first(machine: Machine, apps: Sequence[App]) -> bool:
    """Whether none of the host's applications was ever live there."""
    return all(preflight.is_first(machine, "" if app.alone else app.name) for app in apps)


def ahead(parts: Sequence[Part]) -> tuple[list[Part], list[Part]]:
    """The parts of applications, up to their builds and from there on."""
    early: list[Part] = []
    late: list[Part] = []
    for part in parts:
        lives = tuple(step for step in part.steps if isinstance(step, Live))
        builds = (BuiltAhead(f"{live.name.removesuffix('live')}built", live) for live in lives)
        before = (step for step in part.steps if not isinstance(step, Live))
        early.append(replace(part, steps=(*before, *builds)))
        if lives:
            late.append(Part("releases", lives))
    return early, late
