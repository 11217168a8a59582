"""When what runs gets no more fixes: judged by a table, which grows old itself."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from .findings import Finding, note, unknown, warning

TABLE = Path(__file__).with_name("ends.json")


@dataclass(frozen=True)
class Runs:
    """Something that runs: its name and line as the table has them, its whole version, and the
    distribution whose package it is, empty when it is nobody's."""

    name: str
    line: str
    version: str
    packaged: str = ""


@dataclass(frozen=True)
class Table:
    """as_of: when somebody last compared it with its sources."""

    as_of: date
    ends: dict[str, date]
    sources: dict[str, str]


def read(path: Path = TABLE) -> Table:
    """The table. Raises ValueError for one that is none."""
    values = json.loads(path.read_text())
    ends = {line: date.fromisoformat(day) for line, day in values["ends"].items()}
    return Table(date.fromisoformat(values["as_of"]), ends, values["sources"])


def judge(runs: list[Runs], table: Table, today: date, warn_days: int) -> list[Finding]:
    """What ends within `warn_days`, has ended, or is not in the table.

    What the distribution ships gets the distribution's fixes beyond its maker's, as long as the
    distribution itself gets them: it is only told.
    """
    return [found for each in runs if (found := _one(each, table, today, warn_days))]


def _one(runs: Runs, table: Table, today: date, warn_days: int) -> Finding | None:
    what = f"{runs.name} {runs.line}"
    end = table.ends.get(what)
    if end is None:
        return unknown("runtime", f"{what} is not in the table of ends (ends.json); look it up")
    left = (end - today).days
    if left > warn_days:
        return None
    when = f"ends {end}, in {left} days" if left >= 0 else f"gets no more fixes since {end}"
    if runs.packaged:
        text = f"{what} {when}; {runs.packaged} goes on fixing its package while it is maintained"
        return note("runtime", text)
    source = table.sources.get(runs.name, "")
    return warning("runtime", f"{what} ({runs.version}) {when}: change to a later one ({source})")


def age(table: Table, today: date, longest: int) -> list[Finding]:
    """A warning when the table itself is older than `longest` days: what it does not know it
    cannot tell."""
    days = (today - table.as_of).days
    if days <= longest:
        return []
    text = f"the table of ends is {days} days old: bring readyhost up to date, or ends.json"
    return [warning("table", text)]
