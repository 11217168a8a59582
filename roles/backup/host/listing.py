"""What there is to restore from."""

from __future__ import annotations

from typing import Any

from roles.core.host.clock import stamp

from . import dump, files, restic
from .configuration import Configuration
from .database import backups
from .errors import BackupError
from .restore_points import known

HEAD = ("where", "what", "made", "bytes", "name")
POINTS_SHOWN = 10


def table(configuration: Configuration) -> str:
    """A line for each backup and each of the last points, in columns."""
    rows: list[tuple[Any, ...]] = [HEAD]
    for repository in configuration.repositories:
        try:
            for each in backups(repository) if configuration.has_database else ():
                when = stamp(each["timestamp"]["stop"])
                size = each["info"]["repository"]["delta"]
                rows.append((repository.name, each["type"], when, size, each["label"]))
            for tag in (files.TAG, dump.TAG):
                for each in restic.snapshots(repository, tag):
                    when = each["time"][:19] + "Z"
                    rows.append((repository.name, tag, when, "", each["short_id"]))
        except BackupError as error:
            rows.append((repository.name, "FAILS", "", "", str(error).splitlines()[-1]))
    for name, point in list(known().items())[-POINTS_SHOWN:]:
        rows.append(("archive", "point", stamp(point["time"]), "", name))
    widths = [max(len(str(row[i])) for row in rows) for i in range(len(HEAD))]
    return "\n".join(
        "  ".join(str(c).ljust(width) for c, width in zip(row, widths, strict=True)).rstrip()
        for row in rows
    )
