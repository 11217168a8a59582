"""What each job did: a line for each run, the last of each job, and both for monitoring."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from .configuration import STATE, Configuration
from .metrics import render


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
    append(STATE / "runs.jsonl", {"when": stamp(run.begin), **asdict(run), **values})
    replace(STATE / "last.json", json.dumps(last, indent=1))
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
    """Write backup.prom. `now` are values that the watch has just measured."""
    target = Path(configuration.textfile)
    text = render(last, configuration.longest_age, now or {})
    if target.parent.is_dir():
        replace(target, text, 0o644)


def append(path: Path, entry: Mapping[str, Any]) -> None:
    """Add one line of JSON, on the disk when this returns."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("a") as file:
        file.write(json.dumps(entry) + "\n")
        file.flush()
        os.fsync(file.fileno())


def lines(path: Path) -> list[dict[str, Any]]:
    """The lines of such a file, oldest first; one that a crash cut short is left out."""
    found = []
    for line in path.read_text().splitlines() if path.exists() else []:
        try:
            found.append(json.loads(line))
        except ValueError:
            continue
    return found


def replace(path: Path, text: str, mode: int = 0o600) -> None:
    """Write a file in one step: who reads it sees the former or this."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
        file.flush()
        os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())
    beside.replace(path)


def stamp(seconds: float | None = None) -> str:
    """A time as people write it, UTC."""
    moment = datetime.fromtimestamp(time.time() if seconds is None else seconds, timezone.utc)
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
