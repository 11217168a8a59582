"""How many reports browsers have sent of what a page did against its Content-Security-Policy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .configuration import Configuration
from .exposition import Sample

LOG = Path("/var/log/nginx/reports.log")


def look(_: Configuration, state: dict[str, Any], log: Path = LOG) -> Iterator[Sample]:
    if log.exists():
        _count(state, log)
    yield Sample("readyhost_csp_reports_total", state.get("count", 0))


def _count(state: dict[str, Any], log: Path) -> None:
    """Go on where the last look ended; in a new file at its begin."""
    with log.open("rb") as file:
        found = log.stat()
        same = state.get("inode") == found.st_ino and state.get("at", 0) <= found.st_size
        file.seek(state["at"] if same else 0)
        text = file.read()
        end = text.rfind(b"\n") + 1
        state["count"] = state.get("count", 0) + text.count(b"\n", 0, end)
        state["at"] = (state["at"] if same else 0) + end
        state["inode"] = found.st_ino
