"""How often the kernel ended a process of a unit for memory: counted from the journal, since what
the kernel counts goes with the unit's processes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from .configuration import Configuration
from .exposition import Sample
from .said import said

OUT_OF_MEMORY = "MESSAGE_ID=fe6faa94e7774663a0da52717891d8ef"
"""systemd's own mark for such a line (SD_MESSAGE_UNIT_OUT_OF_MEMORY)."""


def look(_: Configuration, state: dict[str, Any]) -> Iterator[Sample]:
    since = [f"--after-cursor={state['cursor']}"] if state.get("cursor") else ["--boot"]
    fields = "--output-fields=UNIT"
    asked = ["journalctl", "-q", "-o", "json", fields, *since, "_PID=1", OUT_OF_MEMORY]
    counts: dict[str, int] = state.setdefault("counts", {})
    for line in said(asked).splitlines():
        entry = json.loads(line)
        unit = str(entry.get("UNIT", ""))
        counts[unit] = counts.get(unit, 0) + 1
        state["cursor"] = entry["__CURSOR"]
    for unit, count in counts.items():
        yield Sample("readyhost_unit_oom_kills_total", count, {"unit": unit})
