"""The worst: the host is gone from one moment to the next, or somebody else has it with all its
keys. They are the last tests of the host."""

from __future__ import annotations

import shlex
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timezone
from pathlib import Path

import pytest

from tests.host.database import settings
from tests.support.keeper import KEEPER, Keeper
from tests.support.mirror_host import PLACE, USER, MirrorHost
from tests.support.owner import PAGE, operate
from tests.support.runbook import blocks
from tests.support.storage import Storage
from vagrant.driver import Box
from vagrant.running import changes

from .hosts import UPLOADS, boot, checksums, edited, eventually, set_up, sql, waiting
from .intruder import Intruder
from .writer import RATE, writing

ON = 10  # seconds that rows are written before the backup, and after the crash
ANEW = "shop-backup-2"  # the bucket of the host that is made after an intrusion
ROWS = "SELECT count(*), sum(id) FROM kept;"

pytestmark = pytest.mark.timeout(1200)


def test_BAK_06_a_new_host_from_the_off_site_copy_alone(
    host: Box, heirs: list[Box], storage: Storage, mirror_host: MirrorHost, source: Path
) -> None:
    before = checksums(host)
    with writing(host) as writer:
        time.sleep(ON)
        before_backup = writer.rate(time.time() - ON)
        begin = time.time()
        host.ssh("backup database diff", timeout=300)
        assert not writer.failed
        # Side by side, as a busy machine's disk is slower in some minutes than in others.
        assert writer.rate(begin) > before_backup / 2, "writes go on while a backup runs"
        host.ssh("pkill -9 -x -o postgres")  # the server, in the middle of its work
        killed = time.time()
        new = boot("backup-new")  # meanwhile
        eventually(lambda: writer.since(killed), 60, "the server is back by itself")
        minute = settings(host).backup.archive_timeout_seconds
        time.sleep(max(0, min(writer.since(killed)) + minute + ON - time.time()))
        lost = time.time()
        host.destroy()  # the machine is gone from one moment to the next
    try:
        set_up(new, source, storage, mirror_host)
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
        heirs.append(new)


def test_SEC_07_nothing_that_is_away_is_lost_to_an_intruder_with_all_keys(
    host: Box, heirs: list[Box], storage: Storage, mirror_host: MirrorHost, source: Path
) -> None:
    lost = heirs[-1] if heirs else host
    uploads, rows = checksums(lost), sql(lost, ROWS)
    good = datetime.now(timezone.utc)
    time.sleep(1)
    sql(lost, "INSERT INTO kept VALUES (-1);")
    later = sql(lost, ROWS)
    segment = sql(lost, "SELECT pg_walfile_name(pg_switch_wal());")
    mirrored = f"find {PLACE}/now/database/archive -name '{segment}-*'"
    eventually(lambda: not waiting(lost), 120, "the storage has it")
    eventually(lambda: mirror_host.box.ssh(mirrored), 120, "the mirror has it")
    lost.ssh("backup mirror", timeout=300)  # and all else
    fetching = Keeper(mirror_host.box, lost)
    fetching.meets_its_host()
    kept = fetching.fetched()
    time.sleep(1)  # the storage knows seconds
    moment = datetime.now(timezone.utc)
    time.sleep(1)
    with ThreadPoolExecutor() as meanwhile:
        booted = meanwhile.submit(boot, "backup-after")
        Intruder(lost, storage, mirror_host).rages()
        assert fetching.fetch().returncode, "who comes again is told that there is nothing"
    lost.destroy()
    new = booted.result()
    heirs.append(new)

    said = {
        "2026-01-31T12:00:00Z": f"{moment:%Y-%m-%dT%H:%M:%SZ}",
        "2026-01-31T120000": f"{moment:%Y-%m-%dT%H%M%S}",
        "2026-01-31 11:55:00": f"{good:%Y-%m-%d %H:%M:%S}",
        "/srv/backup/shop": PLACE,
        "2026-01-31T111700Z": kept,
        "ADDRESS": new.ip,
        "ssh-ed25519 AAAA…": mirror_host.key,
    }
    copied, put_back, let_in, restored = blocks(*PAGE, "sh", said)
    with storage.refusing():
        key = storage.make(ANEW, "after")
        operate(storage, copied)
        mirror_host.box.ssh(f"runuser -u {USER} -- sh -s", stdin=put_back)
        mirror_host.box.ssh("sh -eu", stdin=let_in)
        set_up(new, source, storage, mirror_host)
        new.values |= storage.values(ANEW, key)
        offsite, mirror, was_fetched = restored.splitlines()
        for command in (mirror, offsite):
            comes_back(new, command, uploads, rows)
        with edited(new, f"values['mirror']['user'] = '{KEEPER}'"):
            comes_back(new, was_fetched, uploads, later)


def comes_back(new: Box, command: str, uploads: str, rows: str) -> None:
    """A restore by this command brings all back, which then is gone again."""
    restore(new, command)
    assert checksums(new) == uploads
    assert sql(new, ROWS) == rows
    assert new.ssh("systemctl is-active app.target") == "active"
    sql(new, "DROP TABLE kept;")
    new.ssh(f"rm -r {UPLOADS}/*")


def restore(box: Box, command: str) -> None:
    """A command line of restore.py, with the inventory of the boxes."""
    _, _, deploy, *arguments = shlex.split(command)
    box.pyinfra("-y", *arguments, deploy=deploy)
