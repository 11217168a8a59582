"""When each kind of backup, and the drill, last succeeded; the backups' own file has the rest."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from roles.core.host import disk

from .configuration import Configuration
from .exposition import Sample

LAST = Path("/var/lib/readyhost/backup/last.json")
DRILL = "drill"


def look(_: Configuration, __: dict[str, Any], last: Path = LAST) -> Iterator[Sample]:
    for job, run in disk.read_json(last).items():
        success = float(run.get("success") or 0)
        if job == DRILL:
            yield Sample("readyhost_drill_success_timestamp_seconds", success)
        else:
            labels = {"kind": job}
            yield Sample("readyhost_backup_success_timestamp_seconds", success, labels)
