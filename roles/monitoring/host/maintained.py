"""When what runs here gets no more fixes: from the weekly look, whose table knows it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from roles.core.host import disk

from .configuration import Configuration
from .exposition import Sample

LAST = Path("/var/lib/readyhost/maintained/last.json")


def look(_: Configuration, __: dict[str, Any], last: Path = LAST) -> Iterator[Sample]:
    for runtime, day in disk.read_json(last).get("ends", {}).items():
        end = datetime.fromisoformat(day).replace(tzinfo=timezone.utc).timestamp()
        labels = {"runtime": runtime}
        yield Sample("readyhost_runtime_end_of_life_timestamp_seconds", end, labels)
