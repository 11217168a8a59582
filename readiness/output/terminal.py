"""The report for a terminal: what is false first, what is true only as a number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from roles.core.plain import plain

from ..outcome import Outcome
from .summary import SIGNS, Hosts, areas, counted, moment, score


def terminal(hosts: Hosts, changes: Sequence[str]) -> Iterator[str]:
    """Its lines. Words of a host stand in it: they do nothing to the terminal."""
    return map(plain, _lines(hosts, changes))


def _lines(hosts: Hosts, changes: Sequence[str]) -> Iterator[str]:
    for name, found in hosts.items():
        for outcome in (Outcome.FALSE, Outcome.UNKNOWN, Outcome.UNWANTED):
            for each in (result for result in found if result.outcome is outcome):
                when = f" ({moment(each.when)})" if each.when else ""
                yield (
                    f"[{name}] {SIGNS[outcome]} {each.line.id} {outcome.value}:"
                    f" {each.evidence}{when}"
                )
                if outcome is Outcome.FALSE:
                    yield f"[{name}]     do: {each.line.do}"
    for line in changes:
        yield f"since the last report: {line}"
    for name, found in hosts.items():
        numbers = ", ".join(f"{count} {word}" for word, count in counted(found).items() if count)
        by_area = " · ".join(f"{area} {score(lines)}" for area, lines in areas(found).items())
        yield f"[{name}] {numbers}"
        yield f"[{name}] {by_area}"
