"""Backups are proven by restoring them: after a mistake, in a drill, and while others run."""

from __future__ import annotations

import time

import pytest

from tests.host.database import superuser
from vagrant.driver import Box
from vagrant.running import changes

from .hosts import GUARDED, PROM, UNGUARDED, UPLOADS, checksums, metrics, refused, sql

pytestmark = pytest.mark.timeout(600)


# A restore that waits until the job `busy` is ended, which happens when it has said so.
WAITS = """
(backup restore dump --table kept --yes >/run/said 2>&1; echo $? >/run/ended) &
for i in $(seq 240); do
  grep -qs 'waits for the job under way' /run/said && break; sleep 0.5
done
[ ! -e /run/ended ] && systemctl stop busy && wait && cat /run/said && exit $(cat /run/ended)
cat /run/said; exit 1
"""


def test_BAK_01_a_backup_leaves_its_record_and_nothing_to_do(host: Box) -> None:
    listed = host.ssh("backup list")
    for place in ("local", "offsite"):
        for kind in ("full", "files", "dump"):
            assert any(line.split()[:2] == [place, kind] for line in listed.splitlines()), listed
    points = host.ssh("cat /var/lib/readyhost/backup/points.jsonl")
    assert '"release-v1.0.0"' in points, "one was made before the release's migrations"
    seen = metrics(host)
    for job in ("database", "files", "dump"):
        age = time.time() - seen[f'backup_last_success_timestamp_seconds{{job="{job}"}}']
        assert age < 600
        assert seen[f'backup_last_failed{{job="{job}"}}'] == 0
    assert host.ssh("backup watch") == ""
    assert host.ssh(
        "su nobody -s /bin/sh -c 'cat /var/backups/readyhost/dumps/*' || echo no"
    ).endswith("no")
    assert not set(changes(host.converge().stdout)), "a run after a backup changes something"


def test_BAK_05_a_drill_restores_compares_and_leaves_nothing(host: Box) -> None:
    # servers, by their data directories; their connections come and go
    seen = "ls /var/lib/postgresql /var/backups/readyhost; ps -C postgres -o args= | grep -e ' -D '"
    before = host.ssh(seen)
    said = host.ssh("backup drill --from offsite", timeout=300)
    assert "the integrity check found nothing" in said
    assert "5 files have the checksums that they had" in said
    assert "backup_drill_rto_seconds" in host.ssh(f"cat {PROM}")
    assert host.ssh(seen) == before


def test_BAK_02_a_dropped_table_is_back_and_nothing_later(host: Box) -> None:
    superuser(host, UNGUARDED, "app")
    sql(host, "INSERT INTO kept VALUES (50001);")
    rows = sql(host, "SELECT count(*), max(id) FROM kept;")
    time.sleep(1.1)
    moment = sql(host, "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS');")
    time.sleep(1.1)
    sql(host, "INSERT INTO kept VALUES (50002); CREATE TABLE later AS TABLE kept; DROP TABLE kept;")
    since = "systemctl show -p ActiveEnterTimestampMonotonic app.target"
    before = host.ssh(since)
    run = host.pyinfra("-y", "--data", f"restore.to={moment}", deploy="restore.py")
    assert host.ssh(since) != before, "the application did not run meanwhile"
    assert "are REPLACED by those of" in run.stdout
    assert sql(host, "SELECT count(*), max(id) FROM kept;") == rows
    assert sql(host, "SELECT to_regclass('later') IS NULL;") == "t"
    assert sql(host, GUARDED) == "A", "the database of before the guard was restored without one"
    assert host.ssh("systemctl is-active app.target") == "active"
    assert host.ssh("backup discard").startswith("removed /var/lib/postgresql/")


def test_BAK_02_a_restore_that_fails_leaves_the_old_state(host: Box) -> None:
    before = sql(host, "SELECT count(*) FROM kept;")
    said = refused(host, "backup restore database --to no-such-point --yes")
    assert "not restored, all is as before" in said
    assert "write-ahead log is missing" in said
    assert sql(host, "SELECT count(*) FROM kept;") == before
    assert host.ssh("systemctl is-active app.target") == "active"
    assert "nothing was done" in refused(host, "backup restore database </dev/null")


def test_BAK_02_one_table_or_database_comes_from_the_dump(host: Box, by_hand: None) -> None:
    rows, left = "SELECT count(*) FROM kept;", 10
    host.ssh("backup dump", timeout=300)
    dumped = sql(host, rows)
    sql(host, f"DELETE FROM kept WHERE id > {left};")
    host.ssh("backup restore dump --table kept --yes", timeout=300)
    assert sql(host, rows) == dumped
    assert sql(host, "SELECT count(*) FROM kept_before_restore;") == str(left)
    sql(host, f"DROP TABLE kept_before_restore; DELETE FROM kept WHERE id > {left};")
    host.ssh("backup restore dump --yes", timeout=300)
    assert sql(host, rows) == dumped
    assert host.ssh("systemctl is-active app.target") == "active"
    superuser(host, "DROP DATABASE app_before_restore;")


def test_BAK_02_a_restore_waits_for_the_backup_under_way(host: Box, by_hand: None) -> None:
    # The lock of a job that has begun: cron's hourly one, say. It is free when the wait was seen.
    busy = "flock /run/readyhost/backup-any.lock"
    host.ssh(f"systemd-run -q --collect --unit=busy {busy} sleep 300")
    free = busy.replace("flock", "flock -n")
    host.ssh(f"timeout 30 sh -c 'until ! {free} true; do sleep 0.1; done'")
    said = host.ssh(WAITS, timeout=300)
    host.ssh("rm /run/said /run/ended")
    assert "waits for the job under way" in said
    # A second restore was confirmed before the first changed anything: it is refused.
    second = "flock /run/readyhost/backup-restore.lock backup restore dump --yes"
    assert "restore: the one before is still running" in refused(host, second)
    sql(host, "DROP TABLE kept_before_restore;")


def test_BAK_03_uploads_come_back_byte_for_byte(host: Box) -> None:
    before = checksums(host)
    host.ssh(f"cd '{UPLOADS}/a [b]' && rm 'file 1' && echo spoiled > 'file 2'")
    host.ssh("backup restore files --from offsite --yes", timeout=300)
    assert checksums(host) == before
    assert host.ssh(f"stat -c %U '{UPLOADS}/a [b]/file 1'") == "app"


def test_BAK_02_redis_has_what_it_held_at_the_last_backup(host: Box) -> None:
    say = "{ cat /etc/redis/operator; cat; } | redis-cli | tail -n 1"
    host.ssh(say, stdin="SET queue:1 kept\n")
    host.ssh("backup files", timeout=300)
    host.ssh(say, stdin="DEL queue:1\n")
    host.ssh("backup restore redis --from offsite --yes", timeout=300)
    assert host.ssh(say, stdin="GET queue:1\n") == "kept"
    assert host.ssh("systemctl is-active app.target") == "active"
    host.ssh("rm -rf /var/lib/redis/*.before-restore")
