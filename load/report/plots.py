"""Plots as inline SVG, without a script. Lines differ by dashes and names, not by colour alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from ..slopes import Point

WIDTH, HEIGHT = 640, 200
LEFT, RIGHT, TOP, BOTTOM = 52, 8, 10, 24
DASHES = ("", "6 3", "2 3", "8 3 2 3", "1 4", "12 4")
LETTER = 7  # as wide as the widest digit of the page's 11 pixels
MOST_POINTS = 400


@dataclass(frozen=True)
class Line:
    name: str
    points: Sequence[Point]


def plot(lines: Sequence[Line], *, unit: str, marks: Sequence[tuple[float, str]] = (),
         most: float | None = None) -> str:  # fmt: skip
    """Lines over seconds. marks: where something begins, by name. most: a bound, drawn."""
    lines = [Line(each.name, thin(each.points)) for each in lines if each.points]
    if not lines:
        return '<p class="faint">nothing was seen</p>'
    begin = min(t for each in lines for t, _ in each.points)
    end = max([t for each in lines for t, _ in each.points] + [begin + 1])
    top = nice(max([v for each in lines for _, v in each.points] + ([most] if most else [])))

    labels = [f"{top * step / 4:g}{unit if step == 4 else ''}" for step in range(5)]
    left = max(LEFT, LETTER * max(map(len, labels)) + 8)

    def x(t: float) -> float:
        return left + (t - begin) / (end - begin) * (WIDTH - left - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - value / top * (HEIGHT - TOP - BOTTOM)

    names = escape(", ".join(each.name for each in lines))
    parts = [f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{names}">']
    right, bottom = WIDTH - RIGHT, HEIGHT - BOTTOM
    for step in range(5):
        height = y(top * step / 4)
        parts.append(_rule("grid", left, right, height, height))
        parts.append(_words(left - 6, height + 4, labels[step], "end"))
    for when, name in marks:
        if begin <= when <= end:
            parts.append(_rule("mark-line", x(when), x(when), TOP, bottom))
            parts.append(_words(x(when) + 3, HEIGHT - 8, name))
    if most is not None:
        parts.append(_rule("most", left, right, y(most), y(most)))
    for number, each in enumerate(lines):
        path = " ".join(f"{x(t):.1f},{y(value):.1f}" for t, value in each.points)
        dashes = DASHES[number % len(DASHES)]
        parts.append(
            f'<polyline class="line c{number % 6}" stroke-dasharray="{dashes}" points="{path}"/>'
        )
    return "".join([*parts, "</svg>", legend(lines)])


def _rule(kind: str, x1: float, x2: float, y1: float, y2: float) -> str:
    return f'<line class="{kind}" x1="{x1:.1f}" x2="{x2:.1f}" y1="{y1:.1f}" y2="{y2:.1f}"/>'


def _words(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def legend(lines: Sequence[Line]) -> str:
    items = "".join(
        f'<li><svg viewBox="0 0 30 8"><line class="line c{number % 6}" x1="0" x2="30" y1="4" y2="4"'
        f' stroke-dasharray="{DASHES[number % len(DASHES)]}"/></svg> {escape(each.name)}</li>'
        for number, each in enumerate(lines)
    )
    return f'<ul class="legend">{items}</ul>'


def thin(points: Sequence[Point]) -> list[Point]:
    step = max(len(points) // MOST_POINTS, 1)
    return [points[at] for at in range(0, len(points), step)]


def nice(value: float) -> float:
    """The next round number.

    >>> nice(730), nice(0.3), nice(0)
    (800, 0.4, 1)
    """
    if value <= 0:
        return 1
    size = 1.0
    while size * 10 <= value:
        size *= 10
    while size > value:
        size /= 10
    return next(
        each * size
        for each in (1, 1.2, 1.6, 2, 2.4, 3.2, 4, 6, 8, 10)
        if each * size >= value - 1e-12
    )
