"""The page: pure, from what was answered."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timezone
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from .asking import Series
from .panels import PANELS, Line, Panel
from .ranges import RANGES, Range
from .svg import MOST, Axes, Drawn, Mark, plot
from .ticks import said

DASHES = ("none", "7 3", "2 3", "9 3 2 3", "4 2", "12 4", "1 4", "6 2 1 2 1 2")
"""A line is known by more than its colour."""


def page(
    host: str, answers: Mapping[tuple[str, str], list[Series]], marks: Sequence[Mark], now: float
) -> str:
    """answers: the series by query and range."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,  # a host may call its units and labels what it likes
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("page.html.j2").render(
        host=host,
        when=datetime.fromtimestamp(now, timezone.utc).strftime("%Y-%m-%d %H:%M"),
        ranges=[ranged(over, answers, marks, now) for over in RANGES],
        most=MOST,
        dashes=DASHES,
    )


def ranged(
    over: Range,
    answers: Mapping[tuple[str, str], list[Series]],
    marks: Sequence[Mark],
    now: float,
    panels: Sequence[Panel] = PANELS,
) -> dict[str, Any]:
    """The plots of one range, by group, as plots.html.j2 takes them."""
    end = now - now % over.step
    groups = [
        (group, [_plot(panel, over, answers, marks, end) for panel in same])
        for group, same in groupby(panels, lambda panel: panel.group)
    ]
    return {"name": over.name, "groups": groups}


def _plot(
    panel: Panel,
    over: Range,
    answers: Mapping[tuple[str, str], list[Series]],
    marks: Sequence[Mark],
    end: float,
) -> dict[str, Any]:
    found = [
        Drawn(named(line, series.labels), series.points)
        for line in panel.lines
        for series in answers.get((line.query, over.name), [])
        if series.points
    ]
    lines = sorted(found, key=lambda line: -line.points[-1][1])[:MOST]
    return {
        "title": panel.title,
        "svg": plot(panel.title, lines, marks, Axes(over, end, panel.unit, panel.top)),
        "legend": [f"{line.name}: {said(line.points[-1][1], panel.unit)}" for line in lines],
    }


def named(line: Line, labels: Mapping[str, str]) -> str:
    """What a series is called.

    >>> named(Line("{unit} here", ""), {"unit": "nginx.service"})
    'nginx.service here'
    """
    return re.sub(r"\{(\w+)\}", lambda found: labels.get(found[1], ""), line.words) or "other"
