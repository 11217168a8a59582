"""A repository that takes nothing: the other ones go on, the disk does not fill, and it is said."""

from __future__ import annotations

import re
import time

import pytest

from tests.support.storage import Storage
from vagrant.driver import Box

from .hosts import FOLDER, QUEUE_MB, eventually, metrics, refused, sql, unreachable, waiting
from .writer import writing

SEGMENT_MB = 16
SOON = 100  # seconds: PostgreSQL rests for a minute after three tries; a drill waits for three more

pytestmark = pytest.mark.timeout(600)


def switch(box: Box, segments: int) -> None:
    """Fill so many segments of write-ahead log."""
    for _ in range(segments):
        sql(box, "CREATE TABLE gone (); DROP TABLE gone; SELECT pg_switch_wal();")


def unmount(box: Box, folder: str) -> None:
    """Unmount it once nobody works in it: an archiver may have just begun its next try."""
    eventually(lambda: box.run(f"umount {folder}").returncode == 0, 90, f"{folder} is not used")


def test_BAK_04_a_storage_that_is_away_is_said_and_fills_no_disk(
    host: Box, storage: Storage
) -> None:
    with unreachable(host, storage.port):
        switch(host, 3)
        newest = sql(host, "SELECT pg_walfile_name(pg_current_wal_lsn());")
        switch(host, 1)
        eventually(
            lambda: host.ssh(f"find {FOLDER}/database/archive -name '{newest}-*'"),
            60,
            "the local archive has what the storage does not get",
        )
        said = refused(host, "backup watch")
        assert re.search(rf"archive: \d+ MiB wait; at {QUEUE_MB} MiB they are given up", said)
        assert "offsite: => the storage can't be reached" in said
        assert metrics(host)["backup_archive_queue_bytes"] > QUEUE_MB * 2**20 / 2
        assert "the storage can't be reached" in refused(host, "backup database diff")
        begin = time.monotonic()
        assert "does not reach the archive" in refused(host, "backup drill --from local")
        assert time.monotonic() - begin < SOON
        switch(host, 3)
        eventually(
            lambda: waiting(host) * SEGMENT_MB <= QUEUE_MB, 90, "what is too much is given up"
        )
    switch(host, 1)  # wakes the archiver, which has been waiting for its next try
    eventually(lambda: waiting(host) == 0, 90, "the rest is archived")
    said = refused(host, "backup watch")
    assert "offsite: write-ahead log is missing since the last backup" in said
    assert "local: write-ahead log is missing" not in said
    assert metrics(host)["backup_archive_missing_segments"] >= 1
    assert "write-ahead log is missing" in refused(host, "backup drill --from offsite")
    host.ssh("backup database diff", timeout=300)
    host.ssh("backup drill --from offsite", timeout=300)
    assert host.ssh("backup watch") == ""


def test_BAK_01_a_disk_that_fills_up_ends_the_backup_and_nothing_else(host: Box) -> None:
    small = "/mnt/small"
    host.ssh(
        f"mkdir {small}; used=$(du -sm {FOLDER} | cut -f1);"
        f" mount -t tmpfs -o size=$((used * 11 / 10 + 2))m tmpfs {small}"
        f" && cp -a {FOLDER}/. {small} && mount --bind {small} {FOLDER}"
    )
    try:
        with writing(host) as writer:
            said = refused(host, "backup database full")
            assert "local: " in said
            assert "=> the disk is full: make room or move backup.directory" in said
            assert "so that the database can go on" in said, "before it was full to the last byte"
            assert "offsite: 2" in said, "the other copy was made all the same"
            # What is left goes, too.
            host.run(f"head -c 1G /dev/zero > {FOLDER}/database/filler")
            switch(host, 2)
        assert not writer.failed
        assert writer.longest < 5
        said = refused(host, "backup watch")
        assert "database: the last run failed: => the disk is full" in said
        assert "MiB are left for" in said
    finally:
        unmount(host, FOLDER)
        unmount(host, small)
        host.ssh(f"rmdir {small}")
    switch(host, 1)
    eventually(lambda: waiting(host) == 0, 90, "what waited is archived")
    host.ssh("backup database full", timeout=300)
    assert host.ssh("backup watch") == ""
