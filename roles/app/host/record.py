"""releases.jsonl: who made what live when, and how it ended."""

from __future__ import annotations

import json
import os
from datetime import datetime, timezone
from pathlib import Path
from typing import Any


def append(path: Path, **entry: Any) -> None:
    """Add one line, on the disk when this returns."""
    when = datetime.now(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    line = json.dumps({"when": when, **entry}) + "\n"
    with path.open("a") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> list[dict[str, Any]]:
    """All entries, oldest first; a line that a crash cut short is left out."""
    entries = []
    for line in path.read_text().splitlines() if path.exists() else []:
        try:
            entries.append(json.loads(line))
        except ValueError:
            continue
    return entries


def last_live(entries: list[dict[str, Any]]) -> str | None:
    """The tag that was last made live."""
    return previous(entries, None)


def previous(entries: list[dict[str, Any]], live: str | None) -> str | None:
    """The tag that was live before `live`: the last other one that made it."""
    for entry in reversed(entries):
        if entry.get("outcome") == "live" and entry.get("tag") != live:
            return entry["tag"]
    return None
