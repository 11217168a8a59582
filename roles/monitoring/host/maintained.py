"""When what runs here gets no more fixes, and what is wrong with it now: from the weekly look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from roles.core.host import disk

from .configuration import Configuration
from .exposition import Sample

LAST = Path("/var/lib/readyhost/maintained/last.json")
WARNING = "warning"  # what somebody has to do something about


def look(_: Configuration, __: dict[str, Any], last: Path = LAST) -> Iterator[Sample]:
    found = disk.read_json(last)
    about = Counter(each["about"] for each in found.get("findings", ()) if each["level"] == WARNING)
    for what, number in about.items():
        yield Sample("readyhost_maintained_warnings", number, {"about": what})
    for runtime, day in found.get("ends", {}).items():
        end = datetime.fromisoformat(day).replace(tzinfo=timezone.utc).timestamp()
        labels = {"runtime": runtime}
        yield Sample("readyhost_runtime_end_of_life_timestamp_seconds", end, labels)
