"""When each scheduled job ran last, and runs next."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from datetime import datetime

from .. import listing, systemd
from ..definition import Definition
from ..layout import SLOTS

AS_SYSTEMD = "%a %Y-%m-%d %H:%M:%S %Z"


def table(release: Definition) -> str:
    """The jobs of a release as a table; empty where it has none."""
    shown = systemd.show(release.timers, "NextElapseUSecRealtime")
    rows = [
        {
            "job": (job := unit.removesuffix(".timer")),
            "last": last(f"{job}-{slot}.service" for slot in SLOTS),
            "next": values.get("NextElapseUSecRealtime") or "-",
        }
        for unit, values in shown.items()
    ]
    return listing.table(rows) if rows else ""


def last(units: Iterable[str]) -> str:
    """When one of these was started last, or has ended since; `never` if the journal has neither.

    A timer's own LastTriggerUSec is no answer: for a job that never ran it is when the schedule
    itself began.
    """
    # Of process 1: an application may write such an entry, too, but not in its name.
    wanted = ("_PID=1", "JOB_TYPE=start", *(f"UNIT={unit}" for unit in units))
    done = subprocess.run(
        ["journalctl", "-q", "--no-pager", "-o", "json", "-n", "1", *wanted],
        check=False,
        capture_output=True,
        text=True,
    )
    if not done.stdout.strip():
        return "never"
    at = int(json.loads(done.stdout)["__REALTIME_TIMESTAMP"]) / 1e6
    return datetime.fromtimestamp(at).astimezone().strftime(AS_SYSTEMD)
