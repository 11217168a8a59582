"""Backups are proven by restoring them: after a mistake, after damage, after a host's loss."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.host.conftest import values
from tests.host.database import application, connect, superuser, tunnel
from tests.support.box import Box, changes, wrapper
from tests.support.storage import AUTHORITY, Storage

ARCHIVE_TIMEOUT = 15  # seconds; the default's minute would only make the tests longer
SLACK = 5  # seconds that a segment may be on its way
PROM = "/var/lib/prometheus/node-exporter/backup.prom"
UPLOADS = "/srv/app/uploads"

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def storage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Storage]:
    started = Storage.start(tmp_path_factory.mktemp("storage"))
    yield started
    started.stop()


def boot(name: str, source: Path, storage: Storage) -> Box:
    """A bare box whose settings have an off-site copy."""
    wanted = {
        **values(source),
        **storage.values(),
        "READYHOST_BACKUP__ARCHIVE_TIMEOUT": str(ARCHIVE_TIMEOUT),
        "READYHOST_BACKUP__CPU_PERCENT": "200",
    }
    box = Box.boot(name, wrapper("suite"), wanted)
    box.ssh(f"cat > {AUTHORITY}", stdin=storage.authority)
    return box


@pytest.fixture(scope="module")
def host(source: Path, storage: Storage) -> Iterator[Box]:
    """A converged host with rows, uploads, and one backup of everything in both places."""
    box = boot("backup", source, storage)
    try:
        box.converge()
        sql(box, "CREATE TABLE kept (id int PRIMARY KEY); ALTER TABLE kept OWNER TO app;")
        sql(box, "INSERT INTO kept SELECT generate_series(1, 50000);")
        box.ssh(
            f"cd {UPLOADS} && mkdir 'a [b]' && for i in 1 2 3 4 5; do"
            " head -c 200000 /dev/urandom > \"a [b]/file $i\"; done; chown -R app: 'a [b]'"
        )
        for job in ("database full", "files", "dump"):
            box.ssh(f"backup {job}", timeout=300)
        yield box
    finally:
        box.destroy()


def sql(box: Box, statements: str) -> str:
    return superuser(box, statements, "app")


def refused(box: Box, command: str) -> str:
    """What a command that must fail says."""
    done = box.run(command, timeout=300)
    assert done.returncode == 1, done.stdout
    return done.stdout + done.stderr


def last(folder: str, order: str) -> str:
    """Shell: the file of pgBackRest's below `folder` that has the most of `order`, as find says."""
    found = f"find {folder} -name '*.zst' -type f -printf '{order} %p\\n'"
    return f"$({found} | sort -n | tail -n 1 | cut -d' ' -f2-)"


def checksums(box: Box) -> str:
    return box.ssh(f"cd {UPLOADS} && find . -type f -exec sha256sum {{}} + | sort")


def test_BAK_01_a_backup_leaves_its_record_and_nothing_to_do(host: Box) -> None:
    listed = host.ssh("backup list")
    for place in ("local", "offsite"):
        for kind in ("full", "files", "dump"):
            assert any(line.split()[:2] == [place, kind] for line in listed.splitlines()), listed
    metrics = dict(
        line.rsplit(" ", 1) for line in host.ssh(f"cat {PROM}").splitlines() if line[0] != "#"
    )
    for job in ("database", "files", "dump"):
        assert (
            time.time() - float(metrics[f'backup_last_success_timestamp_seconds{{job="{job}"}}'])
            < 600
        )
        assert metrics[f'backup_last_failed{{job="{job}"}}'] == "0"
    assert host.ssh("backup watch") == ""
    assert host.ssh(
        "su nobody -s /bin/sh -c 'cat /var/backups/readyhost/dumps/*' || echo no"
    ).endswith("no")
    assert not set(changes(host.converge().stdout)), "a run after a backup changes something"


def test_BAK_05_a_drill_restores_compares_and_leaves_nothing(host: Box) -> None:
    before = host.ssh("ls /var/lib/postgresql /var/backups/readyhost; pgrep -c postgres")
    said = host.ssh("backup drill --from offsite", timeout=300)
    assert "the integrity check found nothing" in said
    assert "5 files have the checksums that they had" in said
    assert "backup_drill_rto_seconds" in host.ssh(f"cat {PROM}")
    after = host.ssh("ls /var/lib/postgresql /var/backups/readyhost; pgrep -c postgres")
    assert after == before


def test_BAK_02_a_dropped_table_is_back_and_nothing_later(host: Box) -> None:
    sql(host, "INSERT INTO kept VALUES (50001);")
    time.sleep(1.1)
    moment = sql(host, "SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS');")
    time.sleep(1.1)
    sql(host, "INSERT INTO kept VALUES (50002); CREATE TABLE later AS TABLE kept; DROP TABLE kept;")
    run = host.pyinfra("-y", "--data", f"restore.to={moment}", deploy="restore.py")
    assert "are REPLACED by those of" in run.stdout
    assert sql(host, "SELECT count(*), max(id) FROM kept;") == "50001|50001"
    assert sql(host, "SELECT to_regclass('later') IS NULL;") == "t"
    assert host.ssh("systemctl is-active app.target") == "active"
    assert host.ssh("backup discard").startswith("removed /var/lib/postgresql/")


def test_BAK_02_a_restore_that_fails_leaves_the_old_state(host: Box) -> None:
    said = refused(host, "backup restore database --to no-such-point --yes")
    assert "not restored, all is as before" in said
    assert "write-ahead log is missing" in said
    assert sql(host, "SELECT count(*) FROM kept;") == "50001"
    assert host.ssh("systemctl is-active app.target") == "active"
    assert "nothing was done" in refused(host, "backup restore database </dev/null")


def test_BAK_02_one_table_comes_from_the_dump(host: Box) -> None:
    sql(host, "DELETE FROM kept WHERE id <= 100;")
    host.ssh("backup restore dump --table kept --yes", timeout=300)
    assert sql(host, "SELECT count(*) FROM kept;") == "50000"
    assert sql(host, "SELECT count(*) FROM kept_before_restore;") == "49901"
    sql(host, "DROP TABLE kept_before_restore;")


def test_BAK_03_uploads_come_back_byte_for_byte(host: Box) -> None:
    before = checksums(host)
    host.ssh(f"cd '{UPLOADS}/a [b]' && rm 'file 1' && echo spoiled > 'file 2'")
    host.ssh("backup restore files --from offsite --yes", timeout=300)
    assert checksums(host) == before
    assert host.ssh(f"stat -c %U '{UPLOADS}/a [b]/file 1'") == "app"


def test_BAK_05_damage_is_found_and_said(host: Box) -> None:
    repository = "/var/backups/readyhost/database"
    biggest = last(f"{repository}/backup", "%s")
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
    sql(host, "SELECT pg_switch_wal();")
    time.sleep(2)
    segment = last(f"{repository}/archive", "%T@")
    host.ssh(f'f={segment}; echo "$f" > /root/name; mv "$f" /root/segment')
    said = refused(host, "backup drill --from local")
    assert "write-ahead log is missing in the archive" in said, said
    host.ssh('mv /root/segment "$(cat /root/name)"')

    host.ssh("sed -i s/cipher-pass=./cipher-pass=X/ /etc/pgbackrest.conf")
    said = refused(host, "backup database diff")
    assert "the passphrase is not the one" in said, said
    host.converge()
    host.ssh("backup drill --from local", timeout=300)


class Writer(threading.Thread):
    """Inserts 200 rows a second, and knows when each was acknowledged."""

    def __init__(self, box: Box, port: int) -> None:
        super().__init__(daemon=True)
        self.login, self.port = application(box), port
        self.acknowledged: list[float] = []
        self.ended = threading.Event()

    def run(self) -> None:
        begin = time.monotonic()
        number = 0
        while not self.ended.is_set():
            try:
                with connect(self.port, **self.login) as connection:
                    while not self.ended.is_set():
                        connection.execute("INSERT INTO written VALUES (%s)", (number,))
                        self.acknowledged.append(time.time())
                        number += 1
                        time.sleep(max(0, begin + number / 200 - time.monotonic()))
            except psycopg.Error:
                number += 1
                self.acknowledged.append(float("inf"))  # perhaps there, perhaps not
                time.sleep(0.2)


def test_BAK_06_a_new_host_from_the_off_site_copy_alone(
    host: Box, storage: Storage, source: Path
) -> None:
    sql(host, "CREATE TABLE written (id int PRIMARY KEY); ALTER TABLE written OWNER TO app;")
    before = checksums(host)
    with tunnel(host, 5432) as port:
        writer = Writer(host, port)
        writer.start()
        host.ssh("backup database diff", timeout=300)
        host.ssh("pkill -9 -x -o postgres")  # the server, in the middle of its work
        time.sleep(2 * ARCHIVE_TIMEOUT)
        lost = time.time()
        host.destroy()  # the machine is gone from one moment to the next
        writer.ended.set()
        writer.join(30)
    safe = {
        number
        for number, when in enumerate(writer.acknowledged)
        if when < lost - ARCHIVE_TIMEOUT - SLACK
    }
    assert len(safe) > 1000

    new = boot("backup-new", source, storage)
    try:
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
        assert not set(changes(new.converge().stdout))
        new.ssh("backup drill --from offsite", timeout=300)
    finally:
        new.destroy()
