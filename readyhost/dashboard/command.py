"""readyhost ENV dashboard: a page for each host."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from readyhost.hosts import Host
from roles.core.errors import OperatorError

from .asking import Series, ask
from .page import page
from .panels import PANELS, RELEASES
from .ranges import RANGES
from .svg import Mark

QUERIES = [line.query for panel in PANELS for line in panel.lines]
MOST_MARKS = 12  # of one plot; beyond that they hide what they explain


def dashboard(chosen: Sequence[Host], folder: Path) -> int:
    """Write the pages, and say where; returns the exit status, 1 where a host did not answer."""
    worst = 0
    for host in chosen:
        try:
            text = made(host, time.time())
        except OperatorError as error:
            print(f"readyhost: {error}", file=sys.stderr)
            worst = 1
            continue
        file = folder / f"dashboard-{host.name}.html"
        file.write_text(text)
        print(file)
    return worst


def made(host: Host, now: float) -> str:
    """The page of one host, as it is now."""
    asked = [(query, over) for over in RANGES for query in [*QUERIES, RELEASES]]
    found = ask(host, asked, now)
    answers = {
        (query, over.name): series for (query, over), series in zip(asked, found, strict=True)
    }
    switched = [each for over in RANGES for each in answers[RELEASES, over.name]]
    return page(host.name, answers, marks(switched), now)


def marks(switched: Iterable[Series]) -> list[Mark]:
    """Releases, from series of when each was switched to; the last ones."""
    found = {
        (when, f"{each.labels.get('app', '')} {each.labels.get('tag', '')}".strip())
        for each in switched
        for _, when in each.points
    }
    return [Mark(when, words) for when, words in sorted(found)][-MOST_MARKS:]
