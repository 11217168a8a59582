"""Which moment to go back to: the latest, a time, or a point with a name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from roles.core.host.clock import stamp

from . import points
from .branches import alive
from .configuration import Repository
from .database import backups
from .errors import BackupError

LATEST = "latest"
TIME = re.compile(r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d+)?)?)?(Z|[+-]\d\d:?\d\d)?")


@dataclass(frozen=True)
class Moment:
    """`time`: seconds of the epoch, None when it is not known. `name`: of a point, or none."""

    text: str
    time: float | None = None
    name: str = ""

    def __str__(self) -> str:
        if self.name:
            return f"the point {self.name}"
        return f"{stamp(self.time)}" if self.time is not None else "the latest moment"


def parse(text: str) -> Moment:
    """A moment from what people write: `latest`, a time (UTC unless it says so), or a name."""
    if text == LATEST:
        return Moment(text)
    if TIME.fullmatch(text):
        try:
            when = datetime.fromisoformat(re.sub(r"Z$", "+00:00", text.replace(" ", "T")))
        except ValueError as error:
            raise BackupError(f"{text}: {error}") from None
        if when.tzinfo is None:
            when = when.replace(tzinfo=timezone.utc)
        return Moment(text, when.timestamp())
    known = points.known().get(text)
    return Moment(text, known["time"] if known else None, text)


def options(moment: Moment, repository: Repository) -> list[str]:
    """pgBackRest's options to restore that moment. Raises BackupError when nothing is that old."""
    chosen = choose(moment, alive(backups(repository)), repository.name)
    if moment.name:
        target = ["--type=name", f"--target={moment.name}", "--target-action=promote"]
    elif moment.time is not None:
        when = datetime.fromtimestamp(moment.time, timezone.utc).isoformat(sep=" ")
        target = ["--type=time", f"--target={when}", "--target-action=promote"]
    else:
        target = ["--type=default"]
    return [f"--set={chosen['label']}", *target]


def choose(moment: Moment, found: list[dict[str, Any]], where: str) -> dict[str, Any]:
    """The newest of the backups that had ended at that moment."""
    fitting = [
        each for each in found if moment.time is None or each["timestamp"]["stop"] <= moment.time
    ]
    if not fitting:
        oldest = f"; the oldest is of {stamp(found[0]['timestamp']['stop'])}" if found else ""
        raise BackupError(f"{where} has no backup of the database from before {moment}{oldest}")
    return fitting[-1]
