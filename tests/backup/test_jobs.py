"""A job, as cron starts it: one at a time, ended in time, and heard of whatever becomes of it."""

from __future__ import annotations

import time

import pytest

from vagrant.driver import Box

from .hosts import FOLDER, UPLOADS, edited, metrics, refused

SOON = 60  # seconds; to read the file would take a day
NEWEST = f"-q -r {FOLDER}/files --password-file /etc/backup/passphrase"

pytestmark = pytest.mark.timeout(600)


def test_BAK_01_a_scheduled_job_runs_once_at_a_time_and_is_in_the_journal(host: Box) -> None:
    line = host.ssh("sed -n 's/.* root \\(.* files\\)$/\\1/p' /etc/cron.d/backup")
    cursor = host.ssh("journalctl -n 1 --show-cursor | sed -n 's/^-- cursor: //p'")
    host.ssh(f"{line} & {line}; wait", timeout=300)
    said = host.ssh(f"journalctl -t backup -o cat --after-cursor '{cursor}'")
    assert said.count("files: good after") == 1, said
    assert "files: FAILED after" in said
    assert "files: the one before is still running" in said


def test_BAK_01_a_job_that_takes_too_long_is_ended(host: Box, by_hand: None) -> None:
    with edited(host, "values['deadline'] = 1"):
        said = refused(host, "backup database full")
    assert "it was ended after backup.deadline_minutes" in said
    assert "offsite: " not in said, "and nothing else is begun"
    assert host.run("pgrep -f '[p]gbackrest.* backup'").stdout == "", "nothing of it goes on"
    assert metrics(host)['backup_last_failed{job="database"}'] == 1
    assert "database: the last run failed: it was ended after" in host.run("backup watch").stdout
    host.ssh("backup database diff", timeout=300)
    assert metrics(host)['backup_last_failed{job="database"}'] == 0
    assert host.ssh("backup watch") == ""


def test_SEC_03_a_file_of_nothing_but_holes_keeps_no_backup_waiting(
    host: Box, by_hand: None
) -> None:
    as_app = f"cd {UPLOADS} && runuser -u app --"
    host.ssh(f"{as_app} truncate -s 12T hollow; {as_app} touch beside")
    try:
        begin = time.monotonic()
        said = refused(host, "backup files")
        assert time.monotonic() - begin < SOON
        assert f"left out of the backup: 12288 GiB in '{UPLOADS}/hollow'" in said
        kept = host.ssh(f"restic {NEWEST} ls latest {UPLOADS}").splitlines()
        assert f"{UPLOADS}/beside" in kept
        assert f"{UPLOADS}/hollow" not in kept
        assert "left out of the backup" in host.run("backup watch").stdout
    finally:
        host.ssh(f"cd {UPLOADS} && rm -f hollow beside")
    host.ssh("backup files", timeout=300)
    assert host.ssh("backup watch") == ""


def test_BAK_05_a_drill_fails_where_backups_are_missing_or_stale(host: Box) -> None:
    for change, words in {
        "values['longest_age']['database'] = 1": "the newest backup of the database is stale",
        "values['longest_age']['files'] = 1": "the newest backup of the files is stale",
        "values['repositories'][0]['path'] = '/srv/none'": "has no backup of the database",
        f"values['repositories'][0]['restic'] = '{FOLDER}/none'": "Is there a repository",
    }.items():
        with edited(host, change):
            said = refused(host, "backup drill --from local")
        assert "drill: FAILED" in said
        assert words in said
    host.ssh("backup drill --from local", timeout=300)
