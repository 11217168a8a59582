"""The look that is taken every few minutes: has what should have happened happened?"""

from __future__ import annotations

import shutil
import time
from pathlib import Path
from typing import Any

from roles.core.host.clock import stamp

from . import job_runs, mirror, server, timelines, wal_gaps
from .configuration import STATE, Configuration
from .errors import BackupError
from .prepared import is_foreign, is_prepared
from .restic import reach

SEGMENT_MB = 16
ARCHIVER = """SELECT coalesce(extract(epoch FROM now() - last_archived_time), -1)::bigint,
  coalesce(last_failed_time > coalesce(last_archived_time, '-infinity'), false)
  FROM pg_stat_archiver;"""


def look(configuration: Configuration) -> list[str]:
    """Problems, one line each, empty when all is well; the numbers go to monitoring."""
    last = job_runs.read()
    problems, numbers = _jobs(configuration, last), {}
    for look in (_archive, _repositories, _mirror, _disk):
        said, measured = look(configuration)
        problems += said
        numbers.update(measured)
    if is_foreign():
        problems.append("repositories: they hold another database's backups; nothing is backed up")
    numbers["backup_problems"] = float(len(problems))
    job_runs.publish(configuration, last, numbers)
    return problems


def _jobs(configuration: Configuration, last: dict[str, dict[str, Any]]) -> list[str]:
    problems = []
    for job, longest in configuration.longest_age.items():
        success = last.get(job, {}).get("success", 0)
        if last.get(job, {}).get("outcome", "ok") != "ok":
            problems.append(f"{job}: the last run failed: {_reason(last[job]['message'])}")
        if time.time() - max(success, _prepared()) > longest:
            when = f"since {stamp(success)}" if success else "ever"
            problems.append(f"{job}: no good run {when}; see journalctl -t backup")
    return problems


def _archive(configuration: Configuration) -> tuple[list[str], dict[str, float]]:
    """What waits, and whether the last segment was taken."""
    if not configuration.has_database:
        return [], {}
    problems, waiting = [], queue(configuration) * SEGMENT_MB
    numbers = {"backup_archive_queue_bytes": float(waiting * 2**20)}
    if waiting > configuration.archive_queue_mb / 2:
        problems.append(
            f"archive: {waiting} MiB wait; at {configuration.archive_queue_mb} MiB they are given"
            " up: make the repositories reachable, then backup database full"
        )
    if server.answers(configuration.cluster):
        age, failing = server.sql(configuration.cluster, ARCHIVER).split("|")
        numbers["backup_archive_age_seconds"] = float(age)
        numbers["backup_archive_failing"] = float(failing == "t")
        if failing == "t":
            problems.append("archive: the last segment was refused; see PostgreSQL's log for why")
    return problems, numbers


def _repositories(configuration: Configuration) -> tuple[list[str], dict[str, float]]:
    """Whether each has all that the archive was given."""
    if configuration.has_database and not server.answers(configuration.cluster):
        return [], {}
    problems, gaps = [], 0
    for repository in configuration.repositories:
        try:
            reach(repository)
            missing = []
            if configuration.has_database:
                missing = wal_gaps.missing(configuration.cluster, repository)
        except BackupError as error:
            problems.append(f"{repository.name}: {_reason(str(error))}")
            continue
        gaps += len(missing)
        if missing:
            problems.append(wal_gaps.words(repository.name, missing))
    return problems, {"backup_archive_missing_segments": float(gaps)}


def _mirror(configuration: Configuration) -> tuple[list[str], dict[str, float]]:
    """Whether another host has what is here."""
    if configuration.mirror is None:
        return [], {}
    sent, reason = mirror.record()
    behind = time.time() - max(sent, _prepared())
    numbers = {"backup_mirror_behind_seconds": behind}
    if behind <= configuration.mirror.late:
        return [], numbers
    why = f": {_reason(reason)}" if reason else ""
    return [f"mirror: what is new since {stamp(time.time() - behind)} is not there{why}"], numbers


def _disk(configuration: Configuration) -> tuple[list[str], dict[str, float]]:
    disk = shutil.disk_usage(configuration.directory)
    if disk.free * 100 >= disk.total * configuration.disk_reserve_percent:
        return [], {}
    return [f"disk: {disk.free // 2**20} MiB are left for {configuration.directory}"], {}


def due(configuration: Configuration) -> list[str]:
    """The job that waits for no schedule: where there is no backup at all, and after a restore."""
    last = job_runs.read()
    if not is_prepared(configuration) or is_foreign():
        return []
    database = last.get("database", {"success": -1})
    if configuration.has_database and database.get("success", 0) < timelines.last():
        return ["database full"]
    return [] if "files" in last else ["files"]


def queue(configuration: Configuration) -> int:
    """Segments of write-ahead log that wait for the archive."""
    folder = Path(configuration.cluster.data) / "pg_wal" / "archive_status"
    return sum(1 for _ in folder.glob("*.ready"))


def _prepared() -> float:
    """When there was first something to watch: a new host has had no time for a backup."""
    path = STATE / "repositories.json"
    return path.stat().st_mtime if path.exists() else 0.0


def _reason(message: str) -> str:
    lines = message.split("\n")
    # The last: what comes before it is an engine's text, with names of others in it.
    advice = [line for line in lines if line.startswith("=>")]
    return advice[-1] if advice else lines[0] or "?"
