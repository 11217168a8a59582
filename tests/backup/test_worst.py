"""The worst: the host is gone from one moment to the next. It is the last test of the host."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from tests.host.database import settings
from tests.support.away import Away
from tests.support.box import Box, changes
from tests.support.storage import Storage

from .hosts import boot, checksums, eventually, set_up, sql
from .writer import RATE, writing

ON = 10  # seconds that rows are written after the crash, which have to be there too

pytestmark = pytest.mark.timeout(600)


def test_BAK_06_a_new_host_from_the_off_site_copy_alone(
    host: Box, storage: Storage, away: Away, source: Path
) -> None:
    before = checksums(host)
    with writing(host) as writer:
        begin = time.monotonic()
        host.ssh("backup database diff", timeout=300)
        rate = len(writer.acknowledged) / (time.monotonic() - begin)
        assert not writer.failed
        assert rate > RATE * 0.9, "writes go on while a backup runs"
        host.ssh("pkill -9 -x -o postgres")  # the server, in the middle of its work
        killed = time.time()
        new = boot("backup-new")  # meanwhile
        eventually(lambda: writer.since(killed), 60, "the server is back by itself")
        minute = settings(host).backup.archive_timeout
        time.sleep(max(0, min(writer.since(killed)) + minute + ON - time.time()))
        lost = time.time()
        host.destroy()  # the machine is gone from one moment to the next
    try:
        set_up(new, source, storage, away)
        safe = writer.before(lost - minute)
        assert len(safe - writer.before(killed)) > RATE, "rows from after the crash are among them"
        begin = time.monotonic()
        new.pyinfra(
            "-y", "--data", "restore.what=all", "--data", "restore.source=offsite",
            deploy="restore.py",
        )  # fmt: skip
        print(f"a new host in {time.monotonic() - begin:.0f} s")
        there = {int(line) for line in sql(new, "SELECT id FROM written;").split()}
        assert not safe - there
        assert checksums(new) == before
        assert new.ssh("systemctl is-active app.target") == "active"
        # The rest of docs/disaster-recovery.md
        assert new.ssh("backup discard").startswith("removed /var/lib/postgresql/")
        for command in ("database full", "files", "drill"):
            new.ssh(f"backup {command}", timeout=300)
        assert not set(changes(new.converge().stdout))
        assert "no good run" not in new.run("backup watch").stdout
    finally:
        new.destroy()
