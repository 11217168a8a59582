"""Root follows nobody's links, whatever the application or postgres put into their own folders."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.host.database import superuser
from tests.support.links import CANARY, NAME, SECRET, Canary, flipping, own_folder
from vagrant.driver import Box

from .hosts import FOLDER, UPLOADS, checksums, refused

pytestmark = pytest.mark.timeout(600)

TIMES = 2
NEWEST = f"-q -r {FOLDER}/files --password-file /etc/backup/passphrase"


@pytest.fixture
def canary(host: Box) -> Iterator[Canary]:
    made = Canary.put(host)
    yield made
    made.remove()


def test_SEC_03_a_restore_of_files_writes_through_no_planted_link(
    host: Box, canary: Canary, by_hand: None
) -> None:
    before = checksums(host)
    as_app = f"cd {UPLOADS} && runuser -u app --"
    host.ssh(f"{as_app} mkdir planted; {as_app} install -m 777 /bin/true planted/{NAME}")
    host.ssh("backup files", timeout=300)
    host.ssh(f"{as_app} mv planted aside; {as_app} ln -s {CANARY} planted; rm '{UPLOADS}/a [b]'/*2")
    try:
        said = refused(host, "backup restore files --yes")
        assert "=> a link is in the place of a folder" in said
        canary.untouched()
    finally:
        host.ssh(f"cd {UPLOADS} && rm -rf planted aside")
    assert checksums(host) == before, "all else came back"


def test_SEC_03_links_that_flip_lead_no_backup_no_restore_and_no_drill_astray(
    host: Box, canary: Canary, by_hand: None
) -> None:
    place = own_folder(host, UPLOADS, "app")
    with flipping(host, place, "app"):
        for _ in range(TIMES):
            host.run("backup files", timeout=300)
            host.run("backup restore files --yes", timeout=300)
            read = host.run(f"restic {NEWEST} dump latest {UPLOADS} | grep -qa {SECRET}")
            assert read.returncode == 1, "root read for the intruder"
    # A drill asks for the files that a backup noted, and that one read a link in their place.
    host.ssh("backup files", timeout=300)
    with flipping(host, place, "app"):
        drilled = host.run("backup drill", timeout=300)
    with flipping(host, own_folder(host, "/var/lib/postgresql", "postgres"), "postgres"):
        host.ssh("backup dump", timeout=300)
    canary.untouched()
    host.ssh(f"rm -rf {UPLOADS}/flip /var/lib/postgresql/flip; backup files", timeout=300)
    assert drilled.returncode == 0, drilled.stdout + drilled.stderr


def test_SEC_03_a_restore_of_a_dump_writes_through_no_link_of_postgres(
    host: Box, canary: Canary
) -> None:
    planted = f"{FOLDER}/dumps/app.restore"
    host.ssh(f"runuser -u postgres -- ln -s {CANARY}/planted {planted}")
    try:
        host.ssh("backup restore dump --yes", timeout=300)
        canary.untouched()
    finally:
        host.ssh(f"rm -f {planted}")
        superuser(host, "DROP DATABASE IF EXISTS app_before_restore;")


def test_SEC_03_a_pipe_in_the_uploads_keeps_no_backup_waiting(host: Box, by_hand: None) -> None:
    before = checksums(host)
    as_app = f"cd '{UPLOADS}/a [b]' && runuser -u app --"
    try:
        host.ssh(f"runuser -u app -- mkfifo {UPLOADS}/pipe")
        host.ssh("timeout 60 backup files", timeout=100)
        # Nor a restore: restic would wait for whoever reads it, and fail where one is in a backup.
        host.ssh(f'{as_app} sh -c \'for f in *2; do rm "$f" && mkfifo "$f"; done\'')
        said = host.ssh("timeout 60 backup restore files --yes", timeout=100)
        assert f"removed: {UPLOADS}/pipe, a pipe" in said
        assert f"removed: {UPLOADS}/a [b]/" in said
        assert checksums(host) == before
    finally:
        host.ssh(f"find {UPLOADS} -type p -delete; backup files", timeout=300)  # none in the next
