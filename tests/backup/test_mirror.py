"""The mirror: another host has what this one has, and its key takes nothing away there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.mirror_host import PLACE, SSH, USER, MirrorHost
from vagrant.driver import Box

from .hosts import FOLDER, eventually, metrics, refused, sql, unreachable

INDEX = f"{PLACE}/now/database/backup/main/backup.info"

pytestmark = pytest.mark.timeout(600)


def test_BAK_04_a_mirror_has_every_change_a_moment_later(
    host: Box, mirror_host: MirrorHost
) -> None:
    segment = sql(host, "SELECT pg_walfile_name(pg_current_wal_lsn());")
    sql(host, "CREATE TABLE gone (); DROP TABLE gone; SELECT pg_switch_wal();")
    eventually(
        lambda: mirror_host.box.ssh(f"find {PLACE}/now/database/archive -name '{segment}-*'"),
        90,
        "the segment is in the mirror",
    )
    there = mirror_host.box.ssh(
        f"cd {PLACE}/now && find . -name '*.info' -o -path '*snapshots/*' | sort"
    )
    assert "./database/backup/main/backup.info" in there
    assert "./files/snapshots/" in there
    host.run("backup watch")
    assert metrics(host)["backup_mirror_behind_seconds"] < 600


@pytest.fixture
def nothing_sent(host: Box) -> Iterator[None]:
    """What is new is not sent a moment later."""
    host.ssh("systemctl stop cron; pkill -f '[b]in/backup mirror --follow' || true")
    yield
    host.ssh("systemctl start cron")


def test_BAK_04_the_key_of_the_mirror_takes_nothing_away(
    host: Box, mirror_host: MirrorHost, nothing_sent: None
) -> None:
    where = f"{USER}@{mirror_host.box.ip}"
    assert "only rsync is served" in host.run(f"{SSH} {where} rm -rf {PLACE}").stderr
    assert "only rsync is served" in host.run(f"{SSH} {where} </dev/null").stderr
    assert "not with" in host.run(
        f"rsync -e '{SSH}' -rt --remove-source-files {where}:/etc/passwd /root/"
    ).stderr  # fmt: skip
    before = mirror_host.box.ssh(f"cat {INDEX} | sha256sum")
    host.ssh(
        f"rm -rf /root/empty; mkdir -p /root/empty/database && rsync -e '{SSH}' -rt --delete-after"
        f" /root/empty/ {where}:/srv/"
    )
    assert mirror_host.box.ssh(f"find {PLACE}/now -type f") == "", (
        "an intruder empties what is there now"
    )
    former = INDEX.replace("/now/", "/former/*/")
    assert mirror_host.box.ssh(f"cat $(ls {former} | tail -n 1) | sha256sum") == before, (
        "and what was there is kept"
    )
    host.ssh(f"echo x > /root/empty/x; rsync -e '{SSH}' -rt /root/empty/ {where}:../former/")
    assert mirror_host.box.ssh(f"cat {PLACE}/now/x") == "x", "no way leads out of its folder"
    mirror_host.box.ssh(f"rm {PLACE}/now/x")
    host.ssh("backup mirror", timeout=300)
    assert mirror_host.box.ssh(f"cat {INDEX} | sha256sum") == before


def test_BAK_05_a_drill_finds_damage_in_the_mirror(host: Box, mirror_host: MirrorHost) -> None:
    said = host.ssh("backup drill --from mirror", timeout=300)
    assert "mirror: restored to drill-" in said
    assert host.run(f"ls {FOLDER}/mirror").returncode
    biggest = (
        f"$(find $(ls -d {PLACE}/now/database/backup/main/*F | tail -n 1) -name '*.zst'"
        " -printf '%s %p\\n' | sort -n | tail -n 1 | cut -d' ' -f2-)"
    )
    mirror_host.box.ssh(f'f={biggest}; printf XX | dd of="$f" bs=1 seek=1000 conv=notrunc')
    said = refused(host, "backup drill --from mirror")
    assert "=> a backup is damaged" in said or "=> it can't be decrypted" in said, said
    mirror_host.box.ssh(f'f={biggest}; touch -d 2020-01-01 "$f"')  # what changed is sent again
    host.ssh("backup mirror", timeout=300)
    host.ssh("backup drill --from mirror", timeout=300)


def test_BAK_04_a_mirror_that_is_away_is_said(host: Box) -> None:
    with unreachable(host, 22):
        assert "the mirror can't be reached" in refused(host, "backup mirror")
    host.ssh("backup mirror", timeout=300)


def test_BAK_04_a_lost_disk_of_backups_comes_back_from_the_mirror(host: Box) -> None:
    host.ssh("systemctl stop cron")  # from here on nothing is mirrored
    try:
        sql(host, "INSERT INTO kept VALUES (-1) ON CONFLICT DO NOTHING;")
        host.ssh("backup point all-is-well")
        host.ssh("backup database diff", timeout=300)
        sql(host, "DROP TABLE kept;")
        host.ssh(f"rm -rf {FOLDER}/database/* {FOLDER}/files/*")
        lost = f"{FOLDER}/database and {FOLDER}/files: lost, so the mirror keeps what it has of it"
        assert lost in refused(host, "backup mirror"), "it does not become as empty"
        host.ssh("backup restore database --from mirror --to all-is-well --yes", timeout=300)
        assert sql(host, "SELECT count(*) FROM kept WHERE id = -1;") == "1"
        sql(host, "DELETE FROM kept WHERE id = -1;")
        listed = host.ssh("backup list").splitlines()
        for kind in ("full", "diff", "files", "dump"):
            assert any(line.split()[:2] == ["local", kind] for line in listed), listed
    finally:
        host.ssh("systemctl start cron")
    host.ssh("backup discard; backup database full", timeout=300)
    assert host.ssh("backup watch") == ""
