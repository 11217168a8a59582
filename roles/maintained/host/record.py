"""What the last look found: for people, for programs, and for the next run of the toolkit."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from roles.core.host import disk

from .findings import NOTE, UNKNOWN, Finding

STATE = Path("/var/lib/readyhost/maintained")
LAST = "last.json"
WORDS = "words"


def write(
    found: list[Finding], when: str, ends: dict[str, str] | None = None, state: Path = STATE
) -> None:
    """Replace the result; both files are root's alone. when: UTC, as ISO 8601 says it. ends: last
    days of what runs here, for monitoring."""
    values = {
        "looked": when,
        "maintained": not wrong(found),
        "findings": [asdict(each) for each in found],
        "ends": ends or {},
    }
    disk.write_json(state / LAST, values)
    disk.write(state / WORDS, words(found, when))


def read(state: Path = STATE) -> dict[str, Any] | None:
    """The last result; None when there is none."""
    try:
        return dict(json.loads((state / LAST).read_text()))
    except (OSError, ValueError):
        return None


def wrong(found: list[Finding]) -> list[Finding]:
    """What is not only good to know."""
    return [each for each in found if each.level != NOTE]


def words(found: list[Finding], when: str) -> str:
    """The line that a run of the toolkit ends with; empty when nothing is wrong."""
    if not (bad := wrong(found)):
        return ""
    doubt = "could not look: " if bad[0].level == UNKNOWN else ""
    more = f"; and {len(bad) - 1} more" if bad[1:] else ""
    return f"{doubt}{bad[0].text}{more} (host-maintained there, looked {when[:10]})\n"
