"""The key that a host has for its storage: it adds, and takes nothing away for good."""

from __future__ import annotations

import pytest

from tests.support.bucket import Bucket
from tests.support.storage import BUCKET, Storage
from vagrant.driver import Box

from .hosts import eventually, metrics, refused, sql

pytestmark = pytest.mark.timeout(600)


def test_BAK_05_a_storage_that_refuses_the_key_is_said(host: Box, storage: Storage) -> None:
    advice = "the storage refuses the key: check backup.offsite.key"
    with storage.refusing():
        for job in ("database diff", "files"):
            assert advice in refused(host, f"backup {job}")
        assert f"offsite: => {advice}" in host.run("backup watch").stdout
    for job in ("database diff", "files"):
        host.ssh(f"backup {job}", timeout=300)
    assert advice not in host.run("backup watch").stdout


def test_BAK_05_a_storage_that_lost_everything_is_said_and_begun_anew(
    host: Box, storage: Storage, by_hand: None
) -> None:
    with storage.client(storage.owner) as owners:
        bucket = Bucket(owners, BUCKET)
        while left := bucket.versions():  # a segment may come meanwhile
            bucket.remove((each.name, each.number) for each in left)
        for job in ("database diff", "files"):
            said = refused(host, f"backup {job}")
            assert "offsite: " in said
            assert "=> what was there is gone: bring it back" in said, "nor is an empty one made"
        assert not [name for name in bucket.names() if name.endswith("/config")]
    sql(host, "CREATE TABLE gone (); DROP TABLE gone; SELECT pg_switch_wal();")
    eventually(lambda: "archive: " in host.run("backup watch").stdout, 60, "the archive says it")

    host.ssh("backup stanza --reinitialise", timeout=300)
    for job in ("database full", "files", "drill --from offsite"):
        host.ssh(f"backup {job}", timeout=300)
    assert host.ssh("backup watch") == ""
    assert metrics(host)["backup_archive_missing_segments"] == 0
