"""The checklist: backup."""

from __future__ import annotations

from .line import Line

AREA = "Backup"

LINES = (
    Line(
        "BAK-01",
        AREA,
        what="the database every day, kept for 30 days",
        why="disks, hosts and people fail",
        do="backup database full; journalctl -t backup",
        settings=("backup.full_schedule", "backup.keep_days"),
    ),
    Line(
        "BAK-02",
        AREA,
        what="any moment comes back, to the second",
        why="a day's orders are lost with a nightly copy",
        do="journalctl -t backup; docs/restore.md",
        settings=("backup.archive_timeout_seconds",),
    ),
    Line(
        "BAK-03",
        AREA,
        what="uploads too, byte for byte",
        why="the database alone is half of the data",
        do="backup files; journalctl -t backup",
        settings=("backup.paths",),
    ),
    Line(
        "BAK-04",
        AREA,
        what="a second, encrypted copy elsewhere",
        why="a fire takes the host and its copy",
        do="backup.offsite, backup.mirror or backup.pull; docs/backup-copies.md",
        settings=("backup.offsite", "backup.mirror", "backup.pull"),
    ),
    Line(
        "BAK-05",
        AREA,
        what="the newest one is restored every week, and compared",
        why="a backup that nobody restored is a hope",
        do="backup drill; journalctl -t backup",
        settings=("backup.drill_schedule",),
    ),
    Line(
        "BAK-06",
        AREA,
        what=(
            "a lost host comes back from that copy by one command ([disaster-"
            "recovery.md](disaster-recovery.md))"
        ),
        why="the day of the loss is no day to try it first",
        do="docs/disaster-recovery.md",
        is_shown=False,
    ),
)
