"""Which release of each application is live, since when, and when one was last rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from roles.core.host import journal

from .configuration import Configuration
from .exposition import Sample

HOME = Path("/srv")


def look(configuration: Configuration, _: dict[str, Any]) -> Iterator[Sample]:
    for app in configuration.apps:
        yield from of(app, journal.read(HOME / app / "releases.jsonl"))


def of(app: str, entries: list[dict[str, Any]]) -> Iterator[Sample]:
    """From the record of who made what live."""
    lived = [entry for entry in entries if entry.get("outcome") == "live"]
    if not lived:
        return
    tag = str(lived[-1].get("tag", ""))
    yield Sample("readyhost_release_info", 1, {"app": app, "tag": tag})
    yield Sample("readyhost_release_switched_timestamp_seconds", _moment(lived[-1]), {"app": app})
    back = [entry for entry in entries if _went_back(entry)]
    when = _moment(back[-1]) if back else 0
    yield Sample("readyhost_release_rolled_back_timestamp_seconds", when, {"app": app})


def _went_back(entry: dict[str, Any]) -> bool:
    """By an operator, or by the watch of a release that went bad."""
    by_hand = bool(entry.get("back")) and entry.get("outcome") == "live"
    return by_hand or bool(entry.get("rolled_back"))


def _moment(entry: dict[str, Any]) -> float:
    try:
        return datetime.strptime(entry.get("when", ""), "%Y-%m-%dT%H:%M:%S%z").timestamp()
    except ValueError:
        return 0
