"""The drill: a backup is restored beside the live service, looked through, and removed."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

from roles.core.host.clock import stamp
from roles.core.host.plain import one_line

from . import counts, files, freshness, restic, restore_points, scratch_cluster, server
from .configuration import Cluster, Configuration, Repository
from .errors import BackupError, advised
from .process import attempt
from .server import USER

SUBSETS = 10  # a drill reads one of so many parts of the files' repository, each in its turn
PATIENCE = 3  # archive timeouts that the archive may take for what was just written
REFUSALS = 3  # tries that PostgreSQL makes for one segment before it rests for a minute

UNARCHIVED = """SELECT CASE WHEN last_archived_wal >= pg_walfile_name(pg_current_wal_insert_lsn())
  THEN 0 ELSE coalesce(extract(epoch FROM now() - last_archived_time), 0) END::bigint
  FROM pg_stat_archiver;"""
ARCHIVED = "SELECT coalesce(last_archived_wal, ''), failed_count FROM pg_stat_archiver;"


Source = Callable[[], AbstractContextManager[Repository]]


def drill(configuration: Configuration, source: Source) -> dict[str, float]:
    """Restore what `source` has up to this moment and compare it with the live database.

    Returns seconds by name: `rpo`, how long the archive was behind when it began; `rto`, until the
    restored database answered; `seconds`, all of it, which is alone where the database is
    elsewhere. Raises BackupError for all that is wrong.
    """
    begun = time.monotonic()
    if not configuration.has_database:
        with source() as repository:
            freshness.check(configuration, repository)
            _files(configuration, repository)
        return {"seconds": time.monotonic() - begun}
    if not server.answers(configuration.cluster):
        raise BackupError("the live database does not answer, so there is nothing to compare with")
    rpo = float(server.sql(configuration.cluster, UNARCHIVED) or 0)
    name, before, after = _note(configuration)
    restoring = time.monotonic()
    target = ["--type=name", f"--target={name}", "--target-action=promote"]
    with source() as repository:
        freshness.check(configuration, repository)
        with scratch_cluster.restored(configuration, repository, target) as copy:
            rto = time.monotonic() - restoring
            print(f"{repository.name}: restored to {name} in {rto:.0f} s")
            _check(configuration, copy)
            found = counts.look(
                configuration.cluster,
                configuration.count_mb,
                port=scratch_cluster.PORT,
                socket=str(copy.home),
            )
        wrong = counts.compare(before, after, found)
        if wrong:
            raise BackupError("\n".join(["the restored database is not what it was:", *wrong]))
        print(f"{len(found)} tables have the rows that they had")
        _files(configuration, repository)
    return {"rpo": rpo, "rto": rto, "seconds": time.monotonic() - begun}


def _note(configuration: Configuration) -> tuple[str, counts.Counts, counts.Counts]:
    """A restore point that the archive has: its name, and the counts before and after it."""
    cluster = configuration.cluster
    before = counts.look(cluster, configuration.count_mb)
    name = f"drill-{stamp()}".replace(":", "")
    restore_points.make(configuration, name)
    after = counts.look(cluster, configuration.count_mb)
    segment = server.sql(cluster, "SELECT pg_walfile_name(pg_switch_wal());")
    last, failures = _archived(cluster)
    refused = failures + REFUSALS
    end = time.monotonic() + PATIENCE * configuration.archive_timeout
    while last < segment:
        if failures >= refused or time.monotonic() > end:
            raise BackupError(
                f"{segment} does not reach the archive: see PostgreSQL's log for why; what is"
                " written now is lost with this host"
            )
        time.sleep(0.5)
        now, failures = _archived(cluster)
        if now != last:  # it gets on, however often it was refused
            last, refused = now, failures + REFUSALS
    return name, before, after


def _archived(cluster: Cluster) -> tuple[str, int]:
    """The newest segment that the archive has, and how often it has refused one."""
    last, failures = server.sql(cluster, ARCHIVED).split("|")
    return last, int(failures)


def _check(configuration: Configuration, copy: scratch_cluster.ScratchCluster) -> None:
    cluster = configuration.cluster
    command = [f"{cluster.bin}/pg_amcheck", "--all", "--install-missing"]
    done = attempt([*command, "-h", str(copy.home), "-p", str(scratch_cluster.PORT)], user=USER)
    said = (done.stdout + done.stderr).strip()
    if done.returncode:
        raise BackupError(advised(f"pg_amcheck of the restored database: {said[-1500:]}"))
    print("the integrity check found nothing")


def _files(configuration: Configuration, repository: Repository) -> None:
    """Restore the files that the last backup noted, and read a part of everything."""
    newest = restic.snapshots(repository, files.TAG)[-1]
    noted = json.loads(files.SAMPLE.read_text()) if files.SAMPLE.exists() else {}
    folder = Path(configuration.directory) / "drill"
    shutil.rmtree(folder, ignore_errors=True)  # what a drill that was killed left
    folder.mkdir(mode=0o700)
    try:
        if noted:
            restic.restore(repository, newest["id"], str(folder), list(noted))
        wrong = [p for p, note in noted.items() if files.note(folder / p.lstrip("/")) != note]
    finally:
        shutil.rmtree(folder)
    if wrong:
        raise BackupError("\n".join(["files are not what was backed up:", *map(one_line, wrong)]))
    part = int(time.time() // 604_800) % SUBSETS + 1
    restic.restic(repository, "check", f"--read-data-subset={part}/{SUBSETS}")
    print(f"{len(noted)} files have the checksums that they had")
