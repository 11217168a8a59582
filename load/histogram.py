"""Times as counts by bucket: thousands a second fit, and percentiles of several are exact to 1 %.
Runs on hosts too: standard library only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

Histogram = dict[int, int]
"""Answers by milliseconds, of which three digits count."""


def bucket(milliseconds: float) -> int:
    """
    >>> [bucket(each) for each in (0.4, 12.6, 999, 1234, 56789)]
    [0, 13, 999, 1230, 56800]
    """
    whole = round(milliseconds)
    step = 1
    while whole // step >= 1000:
        step *= 10
    return round(whole / step) * step


def add(into: Histogram, milliseconds: float) -> None:
    key = bucket(milliseconds)
    into[key] = into.get(key, 0) + 1


def merged(several: Iterable[Mapping[int, int] | Mapping[str, int]]) -> Histogram:
    """All of them as one; keys may have been through JSON."""
    found: Histogram = {}
    for each in several:
        for key, count in each.items():
            found[int(key)] = found.get(int(key), 0) + count
    return found


def count(of: Mapping[int, int]) -> int:
    return sum(of.values())


def percentile(of: Mapping[int, int], share: float) -> float | None:
    """The time that `share` (0 to 1) of the answers stayed within; None for no answers."""
    left = share * count(of)
    for key in sorted(of):
        left -= of[key]
        if left <= 0:
            return float(key)
    return float(max(of)) if of else None


def mean(of: Mapping[int, int]) -> float | None:
    total = count(of)
    return sum(key * times for key, times in of.items()) / total if total else None


def above(of: Mapping[int, int], milliseconds: float) -> float:
    """The share of answers that took longer, 0 to 1."""
    total = count(of)
    return sum(times for key, times in of.items() if key > milliseconds) / total if total else 0.0
