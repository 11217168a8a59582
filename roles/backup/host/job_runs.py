"""What each job did: a line for each run, the last of each job, and both for monitoring."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from roles.core.host import disk, journal
from roles.core.host.clock import stamp

from .configuration import STATE, Configuration
from .metrics import render

WATCHED = "watched.json"


@dataclass(frozen=True)
class Run:
    """One run of a job. begin and end are seconds of the epoch, size is in bytes."""

    job: str
    begin: float
    end: float
    outcome: str
    size: int = 0
    message: str = ""


def write(configuration: Configuration, run: Run, **values: float) -> None:
    """Keep a run, and what it measured, where people and monitoring look."""
    last = read()
    mine = last.setdefault(run.job, {})
    mine.update(asdict(run), **values)
    if run.outcome == "ok":
        mine["success"] = run.end
    journal.append(STATE / "runs.jsonl", {"when": stamp(run.begin), **asdict(run), **values})
    disk.write_json(STATE / "last.json", last)
    publish(configuration, last)


def read() -> dict[str, dict[str, Any]]:
    """The last run of each job; empty when there was none, or the file is damaged."""
    try:
        found = json.loads((STATE / "last.json").read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def publish(
    configuration: Configuration,
    last: Mapping[str, Mapping[str, Any]],
    now: Mapping[str, float] | None = None,
) -> None:
    """Write backup.prom. `now` are values that the watch has just measured: they stay until it
    measures again, or what it told of would be over with the next job."""
    target = Path(configuration.textfile)
    if now is not None:
        disk.write_json(STATE / WATCHED, dict(now))
    text = render(last, configuration.longest_age, disk.read_json(STATE / WATCHED))
    if target.parent.is_dir():
        disk.write(target, text, 0o644)
