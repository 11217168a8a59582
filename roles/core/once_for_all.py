"""What is done once for all hosts, as data: `once` does it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Once:
    """Shell commands, and the variables that they get beside the run's own."""

    name: str
    commands: tuple[str, ...] = ()
    variables: tuple[tuple[str, str], ...] = ()
