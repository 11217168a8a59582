"""Security fixes that are not installed yet, and since when the oldest is known to wait."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .configuration import Configuration
from .exposition import Sample
from .said import said

REBOOT = Path("/run/reboot-required")
SOURCES = (Path("/var/lib/apt/lists"), Path("/var/lib/dpkg/status"))
EVERY = 900  # seconds; a simulation takes a second of one core, so not after each file of a change
# Inst NAME [INSTALLED] (NEW ARCHIVE:VERSION/POCKET, … [ARCHITECTURE])
_INSTALL = re.compile(r"^Inst (\S+) (?:\[\S+\] )?\((\S+) (.*?) \[\S+\]\)", re.MULTILINE)
_SECURITY = re.compile(r"-security\b|\bDebian-Security:", re.IGNORECASE)


def look(_: Configuration, state: dict[str, Any]) -> Iterator[Sample]:
    yield Sample("readyhost_reboot_required", float(REBOOT.exists()))
    mark = " ".join(str(path.stat().st_mtime_ns) for path in SOURCES if path.exists())
    now = time.time()
    if state.get("mark") != mark and now - state.get("looked", 0) >= EVERY:
        simulated = said(["apt-get", "-s", "-o", "Debug::NoLocking=true", "dist-upgrade"])
        since = state.get("since", {})
        state.update(
            mark=mark,
            looked=now,
            since={each: since.get(each, now) for each in pending(simulated)},
        )
    waiting: dict[str, float] = state.get("since", {})
    yield Sample("readyhost_security_updates_pending", len(waiting))
    oldest = min(waiting.values(), default=0)
    yield Sample("readyhost_security_updates_oldest_timestamp_seconds", oldest)


def pending(simulated: str) -> list[str]:
    """Packages that have a security fix. The wait is theirs, not their newest version's: a fix that
    another one replaces before it is installed has been missing all the same."""
    return [name for name, _, origins in _INSTALL.findall(simulated) if _SECURITY.search(origins)]
