"""What the numbers of a report are, and the words for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timezone

from ..outcome import Outcome
from ..verdict import Result

Hosts = Mapping[str, Sequence[Result]]

SIGNS = {
    Outcome.TRUE: "✓",
    Outcome.FALSE: "✗",
    Outcome.UNKNOWN: "?",
    Outcome.UNWANTED: "\N{EN DASH}",
}
"""Beside the words, so that no colour has to say it."""

ORDER = tuple(Outcome)


def counted(found: Sequence[Result]) -> dict[str, int]:
    """How many lines of each outcome, by its words."""
    return {each.value: sum(result.outcome is each for result in found) for each in Outcome}


def areas(found: Sequence[Result]) -> dict[str, list[Result]]:
    """The lines of each area, in the catalogue's order."""
    by_area: dict[str, list[Result]] = {}
    for result in found:
        by_area.setdefault(result.line.area, []).append(result)
    return by_area


def score(found: Sequence[Result]) -> str:
    """How many of those that are wanted are true."""
    wanted = [each for each in found if each.outcome is not Outcome.UNWANTED]
    return f"{sum(each.outcome is Outcome.TRUE for each in wanted)} of {len(wanted)}"


def exit_status(hosts: Hosts, fail_on: str = "unknown") -> int:
    """0: all that is wanted is true. 2: something is false. 1: something could not be looked at."""
    outcomes = {result.outcome for found in hosts.values() for result in found}
    if Outcome.FALSE in outcomes:
        return 2
    return 1 if Outcome.UNKNOWN in outcomes and fail_on == "unknown" else 0


def moment(when: float) -> str:
    return datetime.fromtimestamp(when, timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
