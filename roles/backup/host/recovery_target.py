"""Which state to restore: the latest, a time, or a restore point with a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from roles.core.host.clock import stamp

from . import restore_points
from .configuration import Repository
from .database import backups
from .errors import BackupError
from .timelines import alive

LATEST = "latest"
TIME = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?")


@dataclass(frozen=True)
class RecoveryTarget:
    """`time`: seconds of the epoch, None when it is not known. `name`: of a point, or none."""

    text: str
    time: float | None = None
    name: str = ""

    def __str__(self) -> str:
        if self.name:
            return f"the restore point {self.name}"
        return f"{stamp(self.time)}" if self.time is not None else "the latest state"


def parse(text: str) -> RecoveryTarget:
    """What people write: `latest`, a time (UTC unless it says so), or a restore point."""
    if text == LATEST:
        return RecoveryTarget(text)
    if TIME.fullmatch(text):
        try:
            when = datetime.fromisoformat(re.sub(r"Z$", "+00:00", text.replace(" ", "T")))
        except ValueError as error:
            raise BackupError(f"{text}: {error}") from None
        if when.tzinfo is None:
            when = when.replace(tzinfo=timezone.utc)
        return RecoveryTarget(text, when.timestamp())
    known = restore_points.known().get(text)
    return RecoveryTarget(text, known["time"] if known else None, text)


def options(target: RecoveryTarget, repository: Repository) -> list[str]:
    """pgBackRest's options to restore `target`. Raises BackupError when nothing is that old."""
    chosen = choose(target, alive(backups(repository)), repository.name)
    if target.name:
        stop = ["--type=name", f"--target={target.name}", "--target-action=promote"]
    elif target.time is not None:
        when = datetime.fromtimestamp(target.time, timezone.utc).isoformat(sep=" ")
        stop = ["--type=time", f"--target={when}", "--target-action=promote"]
    else:
        stop = ["--type=default"]
    return [f"--set={chosen['label']}", *stop]


def choose(target: RecoveryTarget, found: list[dict[str, Any]], where: str) -> dict[str, Any]:
    """The newest of the backups that had ended at `target`."""
    fitting = [
        each for each in found if target.time is None or each["timestamp"]["stop"] <= target.time
    ]
    if not fitting:
        oldest = f"; the oldest is of {stamp(found[0]['timestamp']['stop'])}" if found else ""
        raise BackupError(f"{where} has no backup of the database from before {target}{oldest}")
    return fitting[-1]
