"""A run's figures as tables for a reader, beside those of the run before."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from .bars import PARTS

RESULTS = Path(__file__).with_name("results")
KEPT = 5
"""Reports, and the newest one of each part; older ones are in git's history."""


def last() -> dict[str, Any]:
    """The newest report that is kept; empty when there is none."""
    kept = sorted(RESULTS.glob("*.json"))
    return dict(json.loads(kept[-1].read_text())) if kept else {}


def keep(report: dict[str, Any], text: str) -> Path:
    """Write the report, for programs and for people; the path of the latter."""
    RESULTS.mkdir(exist_ok=True)
    name = report["machine"]["date"][:16].replace(":", "")
    (RESULTS / f"{name}.json").write_text(json.dumps(report, indent=1) + "\n")
    path = RESULTS / f"{name}.md"
    path.write_text(text)
    for old in _superseded():
        for file in (old, old.with_suffix(".md")):
            file.unlink(missing_ok=True)
    return path


def _superseded() -> list[Path]:
    """Reports that are not of the newest, and each part of which a newer one has."""
    files = sorted(RESULTS.glob("*.json"), reverse=True)
    found: list[Path] = []
    known: set[str] = set()
    for number, file in enumerate(files):
        parts = set(json.loads(file.read_text())) & set(PARTS)
        if number >= KEPT and parts <= known:
            found.append(file)
        known |= parts
    return found


def render(report: dict[str, Any], before: dict[str, Any]) -> str:
    """The report as Markdown."""
    machine = report["machine"]
    lines = [
        f"# Benchmarks of {machine['date'][:10]}",
        "",
        f"{machine['suite']} boxes on {machine['cores']} cores and {machine['memory_gb']} GiB,"
        f" which the measuring side shares; load average before: {machine['load_before']};"
        f" Python {machine['python']}; revision {machine['revision']}.",
    ]
    sections_of = {
        "provision": _provision,
        "second": _second,
        "many": _many,
        "load": _load,
        "backup": _backup,
        "releases": _releases,
        "monitoring": _monitoring,
    }
    for part, sections in sections_of.items():
        if part in report:
            lines += ["", *sections(report[part])]
            lines += ["", *_bars(part, report[part], before.get(part))]
    if before:
        lines += ["", f"Before: {before['machine']['date'][:16]}, {before['machine']['revision']}."]
    return "\n".join([*lines, ""])


def _provision(figures: dict[str, Any]) -> list[str]:
    counts = ", ".join(f"{count} {kind}" for kind, count in figures["resources"].items())
    rows = []
    for name in ("readyhost", "ansible", "shell"):
        entry = figures[name]
        cold = sorted(entry.get("cold runs", []))
        each = ", ".join(f"{seconds:.0f}" for seconds in cold)
        second = f"{entry['second']:.1f}" if "second" in entry else ""
        commands = f"{entry['commands']:.0f}" if "commands" in entry else ""
        rows.append([name, f"{entry['cold']:.1f}", each, second, commands])
    head = ["s", "cold run", "each", "second run", "its remote commands"]
    return ["## Provisioning", "", f"The same resources: {counts}.", "", *table(head, rows)]


def _second(figures: dict[str, Any]) -> list[str]:
    rows = [
        ["start, processor time", f"{figures['start']:.2f}"],
        ["second run", f"{figures['near']:.2f}"],
        [f"at {1000 * figures['round trip']:.0f} ms round trip", f"{figures['far']:.2f}"],
        ["its remote commands", f"{figures['commands']:.0f}"],
    ]
    return ["## Second run", "", *table(["", "s"], rows)]


def _many(figures: dict[str, Any]) -> list[str]:
    hosts = figures["hosts"]
    rows = [
        [
            number,
            f"{each['seconds']:.2f}",
            f"{each['cpu']:.2f}",
            f"{_further(hosts['1'], each, int(number)):.0f}" if number != "1" else "",
        ]
        for number, each in hosts.items()
    ]
    head = ["hosts", "second run, s", "processor time here, s", "for each further one, ms"]
    said = "The hosts are simulated: they say over SSH what a converged box has said, in its time."
    return ["## Many hosts", "", said, "", *table(head, rows)]


def _further(one: dict[str, Any], each: dict[str, Any], number: int) -> float:
    return float(1000 * (each["cpu"] - one["cpu"]) / (number - 1))


PERCENTILES = {"p50 ms": "p50", "p95": "p95", "p99": "p99", "max": "max"}


def _load(loads: dict[str, Any]) -> list[str]:
    head = ["HTTPS", "requests/s", "mean ms", "p50", "p95", "p99", "max", "errors"]
    rows = [
        [
            name,
            f"{entry['rate']:.0f}",
            *(f"{entry[key]:.1f}" for key in ("mean", "p50", "p95", "p99", "max")),
            f"{entry['errors']}",
        ]
        for name, entry in loads.items()
    ]
    return ["## Load", "", *table(head, rows)]


def _how(figures: dict[str, Any]) -> str:
    """In which ways requests were lost, if any were."""
    ways = [f"{how} {count}" for how, count in figures.get("lost, how", {}).items() if count]
    return f" ({', '.join(ways)})" if ways else ""


def _backup(figures: dict[str, Any]) -> list[str]:
    """Two tables: what is made and brought back, and what it does to a steady load."""
    mib = 2**20
    made = {
        "full backup": figures["full"],
        "differential backup, 1 % changed": figures["diff"],
        "daily dump": figures["dump"],
        "pg_dump, gzip": figures["gzip"],
    }
    rows = [
        [name, f"{each['seconds']:.1f}", f"{each['bytes'] / mib:.0f}"]
        for name, each in made.items()
    ]
    rows += [
        ["restore in place", f"{figures['restore']:.1f}", ""],
        ["pg_restore", f"{figures['pg_restore']:.1f}", ""],
        ["drill, all of it", f"{figures['drill']:.1f}", ""],
        ["its restore (RTO)", f"{figures['rto']:.1f}", ""],
        ["its newest change's age (RPO)", f"{figures['rpo']:.1f}", ""],
    ]
    load = [[name, f"{value:.1f}"] for name, value in figures["load"].items()]
    head = f"A database of {figures['database'] / mib:.0f} MiB."
    return [
        *("## Backup", "", head, "", *table(["", "s", "MiB"], rows)),
        *("", *table(["a steady load", "ms"], load)),
    ]


def _releases(figures: dict[str, Any]) -> list[str]:
    rows = [
        [name, f"{figures[name]['switch']:.1f}", f"{figures[name]['all']:.1f}"]
        for name in ("deploy", "deploy, dependencies changed", "rollback")
    ]
    if "warm" in figures:
        rows.append(["rollback while warm", f"{figures['warm']['switch']:.1f}", ""])
        rows.append(["the same, on the host", f"{figures['warm']['host']:.2f}", ""])
    rows.append(["Kamal's deploy, as its users report it", "", f"{figures['kamal']:.0f}"])
    head = [f"{figures['clients']} clients", "switches", "requests", "lost", *PERCENTILES]
    seen = []
    for name, load in figures["loads"].items():
        for when, also in (
            ("quiet", ["", ""]),
            ("meanwhile", [str(load["switches"]), f"{load['lost']}{_how(load)}"]),
        ):
            times = [f"{load[when][key]:.0f}" for key in PERCENTILES.values()]
            seen.append([f"{name}, {when}", also[0], str(load[when]["requests"]), also[1], *times])
    return [
        *("## Releases", "", *table(["s", "to the switch", "in all"], rows)),
        *("", *table(head, seen)),
    ]


NAMES = {"off": "without", "local": "with", "off again": "without, again"}


def _monitoring(figures: dict[str, Any]) -> list[str]:
    """Two tables: what it takes, and each release under load with it and without."""
    cost = [
        [name, f"{each['memory']:.0f}", f"{each['cpu']:.2f}"]
        for name, each in figures["cost"].items()
    ]
    rows = [
        [NAMES.get(mode, mode), *(f"{load['p99']:.1f}" for load in loads)]
        for mode, loads in figures["releases"].items()
    ]
    times = len(figures["releases"]["off"])
    head = ["p99 during a release, ms", *(str(number + 1) for number in range(times)), "together"]
    for row, mode in zip(rows, figures["releases"], strict=True):
        row.append(f"{figures['p99'][mode]:.1f}")
    return [
        *("## Monitoring", "", *table(["the host is", "MB", "% of a core"], cost)),
        *("", *table(head, rows)),
    ]


def _bars(part: str, figures: dict[str, Any], before: dict[str, Any] | None) -> list[str]:
    earlier = {bar.name: bar.value for bar in PARTS[part](before)} if before else {}
    rows = [
        [
            bar.name,
            bar.sign,
            f"{bar.value:.3g}",
            "met" if bar.met else "**missed**",
            f"{earlier[bar.name]:.3g}" if bar.name in earlier else "",
        ]
        for bar in PARTS[part](figures)
    ]
    return table(["bar", "", "now", "", "before"], rows)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table that reads well as text too."""
    rows = [head, *rows]
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    padded = [[cell.ljust(width) for cell, width in zip(row, widths, strict=True)] for row in rows]
    lines = [f"| {' | '.join(row)} |" for row in padded]
    return [lines[0], f"| {' | '.join('-' * width for width in widths)} |", *lines[1:]]
