"""A test as one page that needs no network; its style is the readiness report's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from readiness.output.page import HERE as STYLE
from readiness.output.summary import moment

from .. import histogram
from ..figures import at
from ..slopes import Point
from . import terminal
from .plots import Line, plot

# Words of a host stand in it: text is text.
_ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader([Path(__file__).parent, STYLE]),
    autoescape=True,
    trim_blocks=True,
    lstrip_blocks=True,
    undefined=jinja2.StrictUndefined,
)
_ENVIRONMENT.filters["moment"] = moment


def page(found: Mapping[str, Any], changes: Sequence[str]) -> str:
    """found: as it is kept."""
    return _ENVIRONMENT.get_template("load.html.j2").render(
        found=found,
        changes=changes,
        columns=terminal.COLUMNS,
        rows=[terminal.row(each) for each in found["stages"]],
        verdicts=[(each, terminal.verdict(each)[6:]) for each in found["verdicts"]],
        failures=list(terminal.failures(found)),
        gave_out=terminal.gave_out(found),
        bears=terminal.bears(found),
        omission=terminal.omission(found),
        elsewhere=terminal.elsewhere(found),
        single=terminal.single(found["single"]) if found.get("single") else "",
        plots=[(title, Markup(text)) for title, text in plots(found)],  # noqa: S704 - made there
    )


def plots(found: Mapping[str, Any]) -> list[tuple[str, str]]:
    told, samples = found["told"], found["samples"]
    begin = found["begin"]
    marks: list[tuple[float, str]] = []
    for line in told:
        if not marks or line["stage"] != marks[-1][2]:  # type: ignore[misc]
            users = found["plan"][line["stage"]]["users"]
            marks.append((line["at"] - begin, f"{users} users", line["stage"]))  # type: ignore[arg-type]
    starts = [(each[0], each[1]) for each in marks]
    starts += [(each["at"], each["release"]) for each in found.get("releases", ())]

    def host(name: str, path: str) -> Line:
        return Line(name, [(each["at"] - begin, value) for each in samples
                           if (value := at(each, path)) is not None])  # fmt: skip

    def unit(what: str, size: float) -> list[Line]:
        names = sorted({name for each in samples for name in each["units"]})
        return [
            Line(name, [(each["at"] - begin, each["units"][name][what] / size) for each in samples
                        if name in each["units"] and each["units"][name].get(what) is not None])
            for name in names
        ]  # fmt: skip

    return [
        ("p95 of the answers, ms", plot(
            [Line("waits for an answer", _p95(told, "closed", begin)),
             Line("comes by the clock", _p95(told, "open", begin)),
             Line("Nginx's own", _nginx(samples, begin))], unit=" ms", marks=starts, most=500)),
        ("answers a second", plot([Line("answers", _rate(told, begin))], unit="/s", marks=starts)),
        ("the host, %", plot(
            [host("CPU", "cpu"), host("memory", "memory"), host("disk", "disk"),
             host("stolen CPU", "steal")], unit=" %", marks=starts, most=70)),
        ("cores that are kept busy, by whom", plot(
            [Line("all of the host", [(each["at"] - begin, each["cpu"] / 100 * found["cores"])
                                      for each in samples]),
             *_cores(samples, begin)], unit="", marks=starts)),
        ("database and pool", plot(
            [host("PostgreSQL's connections", "postgres.used"),
             host("clients of the pool", "pooler.clients"),
             host("clients that wait", "pooler.waiting")], unit="", marks=starts)),
        ("connections to Nginx", plot([host("connections", "connections")], unit="", marks=starts)),
        ("memory of each process, MiB", plot(unit("memory", 2**20), unit=" MiB", marks=starts)),
        ("descriptors of each process", plot(unit("descriptors", 1), unit="", marks=starts)),
    ]  # fmt: skip


def _cores(samples: Sequence[Mapping[str, Any]], begin: float) -> list[Line]:
    """All processes of a kind together: the web processes are one line beside the database's. What
    lies between them and the host is something else's."""
    lines: dict[str, list[Point]] = {}
    for last, now in pairwise(samples):
        took: dict[str, float] = {}
        for name, unit in now["units"].items():
            if name in last["units"]:
                kind = name.partition("@")[0]
                spent = max(unit["cpu"] - last["units"][name]["cpu"], 0)
                took[kind] = took.get(kind, 0.0) + spent / max(now["at"] - last["at"], 0.1)
        for kind, cores in took.items():
            lines.setdefault(kind, []).append((now["at"] - begin, cores))
    return [Line(kind, points) for kind, points in sorted(lines.items())]


def _p95(told: Sequence[Mapping[str, Any]], model: str, begin: float) -> list[Point]:
    found = []
    for line in told:
        of = histogram.merged(line["seen"][model].values())
        if (value := histogram.percentile(of, 0.95)) is not None:
            found.append((line["at"] - begin, value))
    return found


def _rate(told: Sequence[Mapping[str, Any]], begin: float) -> list[Point]:
    found = []
    for last, line in pairwise(told):
        answers = sum(histogram.count(histogram.merged(m.values())) for m in line["seen"].values())
        found.append((line["at"] - begin, answers / max(line["at"] - last["at"], 0.1)))
    return found


def _nginx(samples: Sequence[Mapping[str, Any]], begin: float) -> list[Point]:
    seconds = {float(when): each for one in samples for when, each in one["nginx"].items()}
    found = []
    for when in sorted(seconds):
        value = histogram.percentile(histogram.merged([seconds[when]["times"]]), 0.95)
        if value is not None:
            found.append((when - begin, value))
    return found
