"""A plot as SVG: lines over time, with releases as marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from html import escape

from .ranges import Range
from .ticks import said, steps

WIDTH, HEIGHT = 560, 190
LEFT, RIGHT, TOP, BOTTOM = 62, 8, 14, 22
MOST = 8  # lines that can be told apart


@dataclass(frozen=True)
class Drawn:
    """A line: its name, and its points by time."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Mark:
    """Something that happened at a time."""

    when: float
    words: str


class _Place:
    def __init__(self, over: Range, end: float, top: float) -> None:
        self.begin, self.seconds, self.top = end - over.seconds, over.seconds, top

    def x(self, when: float) -> float:
        return LEFT + (when - self.begin) / self.seconds * (WIDTH - LEFT - RIGHT)

    def y(self, value: float) -> float:
        high = HEIGHT - TOP - BOTTOM
        return TOP + high - min(max(value, 0) / self.top, 1) * high


@dataclass(frozen=True)
class Axes:
    """What of time is shown, until when, in which unit, and how high it goes at least."""

    over: Range
    end: float
    unit: str
    least: float = 0


def plot(title: str, lines: Sequence[Drawn], marks: Sequence[Mark], axes: Axes) -> str:
    """The SVG."""
    over, end, unit, least = axes.over, axes.end, axes.unit, axes.least
    highest = max((value for line in lines for _, value in line.points), default=0)
    scale = steps(max(highest, least))
    place = _Place(over, end, scale[-1])
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{escape(title)}">',
        *(_across(place, value, unit) for value in scale),
        *_times(place, over, end),
        *(_mark(place, mark) for mark in marks if mark.when >= place.begin),
        *(_line(place, line, number, over) for number, line in enumerate(lines[:MOST])),
        "</svg>",
    ]
    return "\n".join(parts)


def _across(place: _Place, value: float, unit: str) -> str:
    y = place.y(value)
    return (
        f'<line class="grid" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>'
        f'<text x="{LEFT - 6}" y="{y + 4:.1f}" text-anchor="end">{escape(said(value, unit))}</text>'
    )


def _times(place: _Place, over: Range, end: float) -> list[str]:
    first = place.begin - place.begin % over.ticks + over.ticks
    found = []
    when = first
    while when <= end:
        text = datetime.fromtimestamp(when, timezone.utc).strftime(over.clock)
        x = place.x(when)
        anchor = "end" if x > WIDTH - 30 else "middle"
        found.append(f'<text x="{x:.1f}" y="{HEIGHT - 6}" text-anchor="{anchor}">{text}</text>')
        when += over.ticks
    return found


def _mark(place: _Place, mark: Mark) -> str:
    x = place.x(mark.when)
    anchor = "end" if x > WIDTH - 80 else "start"
    return (
        f'<g class="mark"><title>{escape(mark.words)}</title>'
        f'<line x1="{x:.1f}" x2="{x:.1f}" y1="{TOP - 2}" y2="{HEIGHT - BOTTOM}"/>'
        f'<text x="{x:.1f}" y="{TOP - 4}" text-anchor="{anchor}">{escape(mark.words)}</text></g>'
    )


def _line(place: _Place, line: Drawn, number: int, over: Range) -> str:
    """A gap of more than two steps is one: nothing was measured."""
    path, before = [], None
    for when, value in line.points:
        move = "M" if before is None or when - before > 2 * over.step else "L"
        path.append(f"{move}{place.x(when):.1f} {place.y(value):.1f}")
        before = when
    return f'<path class="s{number}" d="{"".join(path)}"><title>{escape(line.name)}</title></path>'
