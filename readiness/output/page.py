"""The report as one page that needs no network."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import jinja2

from readyhost.dashboard import page as dashboard

from ..measured import Measured
from ..outcome import Outcome
from .summary import ORDER, SIGNS, Hosts, areas, counted, moment, score

HERE = Path(__file__).parent
# Words of a host stand in it: text is text.
_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader([HERE, Path(dashboard.__file__).parent]),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)
_ENVIRONMENT.filters["moment"] = moment
CLASSES = {
    Outcome.TRUE: "yes",
    Outcome.FALSE: "no",
    Outcome.UNKNOWN: "unknown",
    Outcome.UNWANTED: "unwanted",
}


def page(
    environment: str,
    when: float,
    hosts: Hosts,
    changes: Sequence[str],
    measured: Mapping[str, Measured] | None = None,
) -> str:
    """All hosts on one page: a row each, what is false, what was measured, then the rest."""
    lines = [(name, each) for name, found in hosts.items() for each in found]
    ordered = {
        outcome: [(name, each) for name, each in lines if each.outcome is outcome]
        for outcome in ORDER
    }
    return _ENVIRONMENT.get_template("page.html.j2").render(
        environment=environment,
        when=when,
        hosts=[
            (name, counted(found), {area: score(rows) for area, rows in areas(found).items()})
            for name, found in hosts.items()
        ],
        areas=list(dict.fromkeys(each.line.area for _, each in lines)),
        numbers=counted([each for _, each in lines]),
        score=score([each for _, each in lines]),
        outcomes=[(each, SIGNS[each], CLASSES[each]) for each in ORDER],
        lines=ordered,
        changes=changes,
        measured=measured or {},
        most=dashboard.MOST,
        dashes=dashboard.DASHES,
    )
