"""Backups are proven by restoring them: after a mistake, after damage, after a host's loss."""

from __future__ import annotations

import time

import pytest

from tests.host.database import superuser
from vagrant.driver import Box
from vagrant.running import changes

from .hosts import FOLDER, PROM, UPLOADS, checksums, metrics, refused, sql

pytestmark = pytest.mark.timeout(600)


# What a database looks like that was backed up before there was a guard against extensions.
UNGUARDED = """ALTER EXTENSION pg_stat_statements SET SCHEMA public;
DROP EVENT TRIGGER only_listed_extensions; DROP SCHEMA extensions CASCADE;"""
GUARDED = "SELECT evtenabled FROM pg_event_trigger WHERE evtname = 'only_listed_extensions';"


# A restore that waits until the job `busy` is ended, which happens when it has said so.
WAITS = """
(backup restore dump --table kept --yes >/run/said 2>&1; echo $? >/run/ended) &
for i in $(seq 240); do
  grep -qs 'waits for the job under way' /run/said && break; sleep 0.5
done
[ ! -e /run/ended ] && systemctl stop busy && wait && cat /run/said && exit $(cat /run/ended)
cat /run/said; exit 1
"""


def last(folder: str, order: str) -> str:
    """Shell: the file of pgBackRest's below `folder` that has the most of `order`, as find says."""
    found = f"find {folder} -name '*.zst' -type f -printf '{order} %p\\n'"
    return f"$({found} | sort -n | tail -n 1 | cut -d' ' -f2-)"


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


def test_BAK_05_damage_is_found_and_said(host: Box, by_hand: None) -> None:
    # The one that is due after a restore: the watch, which is asked here, would make it meanwhile.
    host.ssh("backup database full", timeout=300)
    repository = f"{FOLDER}/database"
    biggest = last(f"$(ls -d {repository}/backup/main/*F | tail -n 1)", "%s")
    flip = (
        f'f={biggest}; cp -p "$f" /root/whole; printf XX | dd of="$f" bs=1 seek=1000 conv=notrunc'
    )
    host.ssh(flip)
    said = refused(host, "backup drill --from local")
    assert "drill: FAILED" in said
    assert "=> a backup is damaged" in said or "=> it can't be decrypted" in said, said
    host.ssh(f'cp -p /root/whole "{biggest}"')
    assert 'backup_last_failed{job="drill"} 1' in host.ssh(f"cat {PROM}")
    assert "drill: the last run failed" in refused(host, "backup watch")

    # A segment that a restore has to replay, gone.
    sql(host, "CREATE TABLE gap (); DROP TABLE gap;")
    name = sql(host, "SELECT pg_walfile_name(pg_switch_wal());")
    found = f"find {repository}/archive -name '{name}-*.zst'"
    host.ssh(
        f'for i in $(seq 120); do f=$({found}); [ -z "$f" ] || break; sleep 0.5; done; test "$f"'
    )
    host.ssh(f'f=$({found}); echo "$f" > /root/name; mv "$f" /root/segment')
    said = refused(host, "backup drill --from local")
    assert "write-ahead log is missing in the archive" in said, said
    host.ssh('mv /root/segment "$(cat /root/name)"')

    file = "/etc/pgbackrest.conf"
    host.ssh(f"cp -p {file} /root/conf && sed -i s/cipher-pass=./cipher-pass=X/ {file}")
    said = refused(host, "backup database diff")
    assert "the passphrase is not the one" in said, said
    host.ssh(f"cp -p /root/conf {file}")
    host.ssh("backup drill --from local", timeout=300)


def test_BAK_05_what_was_damaged_before_it_was_backed_up_is_found(host: Box, by_hand: None) -> None:
    sql(host, "CREATE TABLE odd AS SELECT generate_series(1, 9999) n; CREATE INDEX ON odd (n);")
    where = "SELECT current_setting('data_directory') || '/' || pg_relation_filepath('odd_n_idx');"
    index = sql(host, f"CHECKPOINT; {where}")
    # the keys of the second page's last rows: no engine of backups reads them
    host.ssh(f"head -c 64 /dev/zero | dd of={index} bs=1 seek=$((2 * 8192 - 96)) conv=notrunc")
    said = refused(host, "backup database diff")
    assert "the live database is damaged" in said
    assert index.partition("/main/")[2] in said
    said = refused(host, "backup drill --from local")
    assert "pg_amcheck of the restored database" in said
    assert "odd_n_idx" in said
    sql(host, "DROP TABLE odd;")

    noted = "/var/lib/readyhost/backup/sample.json"
    host.ssh(f"cp {noted} /root/noted && sed -i 's/\\(, \"\\)[0-9a-f]/\\1x/' {noted}")
    said = refused(host, "backup drill --from local")
    assert "files are not what was backed up" in said
    host.ssh(f"cp /root/noted {noted}; backup database diff", timeout=300)
    host.ssh("backup drill --from local", timeout=300)


def test_BAK_02_redis_has_what_it_held_at_the_last_backup(host: Box) -> None:
    say = "{ cat /etc/redis/operator; cat; } | redis-cli | tail -n 1"
    host.ssh(say, stdin="SET queue:1 kept\n")
    host.ssh("backup files", timeout=300)
    host.ssh(say, stdin="DEL queue:1\n")
    host.ssh("backup restore redis --from offsite --yes", timeout=300)
    assert host.ssh(say, stdin="GET queue:1\n") == "kept"
    assert host.ssh("systemctl is-active app.target") == "active"
    host.ssh("rm -rf /var/lib/redis/*.before-restore")


# What runs while rows are written: a constraint, a column, an index, and a trigger that even a
# session of a replica fires. Each tries to make its role a superuser.
BAIT = """
CREATE FUNCTION try() RETURNS void LANGUAGE plpgsql AS $$ BEGIN
  EXECUTE 'RESET SESSION AUTHORIZATION'; EXECUTE 'ALTER ROLE app SUPERUSER';
  EXCEPTION WHEN OTHERS THEN NULL; END $$;
CREATE FUNCTION climb(n int) RETURNS int LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN
  PERFORM public.try(); RETURN n; END $$;
CREATE FUNCTION climbs() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  PERFORM public.try(); RETURN new; END $$;
CREATE TABLE bait (n int PRIMARY KEY CHECK (public.climb(n) = n),
  more int GENERATED ALWAYS AS (public.climb(n)) STORED);
CREATE INDEX ON bait (public.climb(n));
CREATE TRIGGER always BEFORE INSERT ON bait FOR EACH ROW EXECUTE FUNCTION climbs();
ALTER TABLE bait ENABLE ALWAYS TRIGGER always;
CREATE TABLE hooked (n int REFERENCES bait ON DELETE CASCADE);
INSERT INTO bait VALUES (1), (2);
INSERT INTO hooked VALUES (1);
"""


def test_SEC_01_a_restore_gives_the_application_no_more_rights(host: Box) -> None:
    superuser(host, UNGUARDED, "app")
    # As the application, since an administrator's own rows would fire the traps with his rights.
    session = "runuser -u postgres -- psql -Xq -v ON_ERROR_STOP=1 -U app -d app"
    host.ssh(session, stdin=BAIT)
    climbed = "SELECT rolsuper FROM pg_roles WHERE rolname = 'app';"
    host.ssh("backup dump", timeout=300)
    host.ssh("backup restore dump --table bait --yes", timeout=300)
    assert sql(host, climbed) == "f"
    # The row that refers to one is there, and all that was put away is back.
    assert sql(host, "SELECT count(*), (SELECT count(*) FROM hooked) FROM bait;") == "2|1"
    assert sql(host, "SELECT tgenabled FROM pg_trigger WHERE tgname = 'always';") == "A"
    assert sql(host, "SELECT confdeltype FROM pg_constraint WHERE contype = 'f';") == "c"
    host.ssh("backup restore dump --yes", timeout=300)
    assert sql(host, climbed) == "f"
    assert sql(host, GUARDED) == "A", "a dump of before the guard was restored without one"
    assert sql(host, "SELECT count(*) FROM bait;") == "2"
    owners = (
        "SELECT DISTINCT pg_get_userbyid(relowner) FROM pg_class WHERE relname ~ '^(bait|kept)';"
    )
    assert sql(host, owners) == "app"
    # Rows that another table refers to are missed in words, and nothing is changed.
    host.ssh(session, stdin="INSERT INTO bait VALUES (3); INSERT INTO hooked VALUES (3);")
    said = refused(host, "backup restore dump --table bait --yes")
    assert "hooked" in said
    assert sql(host, "SELECT count(*) FROM bait;") == "3"
    sql(host, "DROP TABLE hooked, bait; DROP FUNCTION climb, climbs, try;")
    superuser(host, "DROP DATABASE app_before_restore;")
    assert set(changes(host.converge().stdout)) == set(), "a run after a restore changes something"
