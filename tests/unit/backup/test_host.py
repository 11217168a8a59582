"""The parts of the host's program that need no host."""

from __future__ import annotations

import json
import socket
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from roles.backup.derived import Kept, definition
from roles.backup.host import (
    configuration,
    counts,
    database,
    errors,
    files,
    job_runs,
    lock,
    monitor,
    process,
    recovery_target,
    restic,
    restore,
    restore_cluster,
    restore_points,
    timelines,
)
from roles.backup.host.arguments import parser
from roles.backup.host.errors import BackupError
from roles.backup.host.metrics import render
from roles.core.host import journal
from roles.postgres import Cluster
from tests.unit.environments import STANDARD


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> configuration.Configuration:
    """A configuration as the toolkit writes it, and a state directory of the test's own."""
    for module in (job_runs, monitor):
        monkeypatch.setattr(module, "STATE", tmp_path)
    monkeypatch.setattr(restore_points, "FILE", tmp_path / "points.jsonl")
    kept = Kept("shop", "/srv/shop/uploads", Cluster(14), 5432, ("shop",))
    values = definition(STANDARD.settings.backup, kept)
    written = {**values, "textfile": str(tmp_path / "backup.prom")}
    return configuration.parse(json.loads(json.dumps(written)))


def test_what_the_toolkit_writes_is_what_the_program_reads(
    here: configuration.Configuration,
) -> None:
    assert here.cluster.unit == "postgresql@14-main"
    assert here.repository(None).name == "local"
    with pytest.raises(BackupError, match="there is no repository offsite; there is local"):
        here.repository("offsite")


THERE = "\nIs there a repository at the following location?\ns3:https://10.0.3.1/shop"


@pytest.mark.parametrize(
    "said, advice",
    [
        ("ERROR: [039]: No space left on device", "the disk is full"),
        ("ERROR:  canceling statement due to statement timeout", "has kept that table locked"),
        ("CryptoError: unable to flush", "passphrase is not the one"),
        ("Fatal: wrong password or no key found", "passphrase is not the one"),
        ("checksum does not match", "make a new one now"),
        ("HTTP request failed with 403 (Forbidden)", "refuses the key"),
        ("unable to load info file 'a': ProtocolError: 403 (Forbidden)", "refuses the key"),
        ("NoSuchBucket", "no such bucket"),
        ("backup@10.0.3.9: Permission denied (publickey).", "does not let this one in"),
        ("ssh: connect to host 10.0.3.9 port 22: Connection refused", "the mirror can't be"),
        ("FormatError: key/value found outside of section", "passphrase is not the one"),
        ("repository is already locked by PID 7098, storage ID 25754040", "another backup"),
        ("[HostConnectError] unable to connect to '10.0.3.1'", "can't be reached"),
        ("HTTP request failed with 503 (Service Unavailable)", "can't be reached"),
        ("HTTP request failed with 404 (Not Found)", "no such bucket"),
        (f"unable to open config file: Stat: Access Denied.{THERE}", "refuses the key"),
        (f"unable to open config file: Stat: 503 Service Unavailable{THERE}", "can't be reached"),
        (f"unable to open config file: Stat: The specified key does not exist.{THERE}", "is gone"),
        (f"unable to open config file: stat /b/config: no such file{THERE}", "is gone"),
        ("unable to load info file 'a': unable to open missing file '/b/backup.info'", "is gone"),
        ("ERROR: [040]: archive directory not empty", "there are remains"),
        ("FATAL: recovery ended before configured recovery target was reached", "is missing"),
        ("13:14:01.503 GMT [404] FATAL:  could not locate required checkpoint", "is missing"),
        ("13:14:01.404 GMT [503] FATAL:  could not locate required checkpoint", "is missing"),
    ],
)
def test_a_failure_says_what_to_do(said: str, advice: str) -> None:
    assert advice in errors.advised(said).splitlines()[-1]


def test_an_unknown_failure_is_given_as_it_is() -> None:
    assert errors.advised("something odd") == "something odd"


def test_a_failed_program_speaks_and_a_good_one_is_heard() -> None:
    assert process.run(["echo", "heard"]) == "heard\n"
    with pytest.raises(BackupError, match="sh failed:\nwhy it did"):
        process.run(["sh", "-c", "echo why it did >&2; exit 3"])
    assert process.run(["sh", "-c", "exit 3"], forgiven=[3]) == ""


def test_two_of_a_kind_never_run_at_once(tmp_path: Path) -> None:
    with lock.held("job", tmp_path):
        with pytest.raises(BackupError, match="still running"), lock.held("job", tmp_path):
            pass
        with lock.held("drill", tmp_path, wait=True):
            pass
    with lock.held("job", tmp_path):
        pass


def test_a_failure_keeps_the_time_of_the_last_success(
    here: configuration.Configuration, tmp_path: Path
) -> None:
    job_runs.write(here, job_runs.Run("files", 100, 110, "ok", 5))
    job_runs.write(here, job_runs.Run("files", 200, 201, "failed", 0, "why"))
    prom = (tmp_path / "backup.prom").read_text()
    assert 'backup_last_success_timestamp_seconds{job="files"} 110' in prom
    assert 'backup_last_failed{job="files"} 1' in prom
    assert 'backup_last_success_timestamp_seconds{job="drill"} 0' in prom
    assert [each["outcome"] for each in journal.read(tmp_path / "runs.jsonl")] == ["ok", "failed"]


def test_a_line_that_a_crash_cut_short_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "x").write_text('{"a": 1}\n{"a": ')
    assert journal.read(tmp_path / "x") == [{"a": 1}]


def test_metrics_are_announced_once() -> None:
    lines = render({"drill": {"rpo": 3.5, "rto": 12}}, {"files": 9, "drill": 9}, {}).splitlines()
    types = [line for line in lines if line.startswith("# TYPE")]
    assert len(types) == len(set(types))
    assert "backup_drill_rpo_seconds 3.5" in lines


def test_what_the_watch_measured_stays_until_it_measures_again(
    here: configuration.Configuration, tmp_path: Path
) -> None:
    job_runs.publish(here, {}, {"backup_problems": 2.0})
    job_runs.write(here, job_runs.Run("files", 1, 2, "ok"))
    assert "backup_problems 2\n" in (tmp_path / "backup.prom").read_text()


def test_a_job_that_never_ran_is_a_problem_once_it_had_its_time(
    here: configuration.Configuration, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(monitor.server, "answers", lambda cluster: False)
    monkeypatch.setattr(monitor.shutil, "disk_usage", lambda path: _Disk(100, 90, 10))
    (tmp_path / "repositories.json").write_text('{"state": "ready"}')
    monkeypatch.setattr(monitor, "is_foreign", lambda: False)
    assert monitor.look(here) == []
    old = time.time() + 30 * 86_400
    monkeypatch.setattr(monitor.time, "time", lambda: old)
    problems = monitor.look(here)
    assert len(problems) == 4
    assert problems[0].startswith("database: no good run ever")


class _Disk:
    def __init__(self, total: int, used: int, free: int) -> None:
        self.total, self.used, self.free = total, used, free


A = {"d.s.t": {"rows": 10, "newest": "10", "written": 10}}
B = {"d.s.t": {"rows": 12, "newest": "12", "written": 12}}


@pytest.mark.parametrize(
    "before, after, restored, wrong",
    [
        (A, A, A, []),
        (A, B, {"d.s.t": {"rows": 11, "newest": "11", "written": 0}}, []),
        (A, A, {"d.s.t": {"rows": 9, "newest": "10", "written": 0}}, ["d.s.t has 9 rows"]),
        (A, A, {"d.s.t": {"rows": 10, "newest": "9", "written": 0}}, ["d.s.t ends with 9"]),
        (A, B, {"d.s.t": {"rows": 7, "newest": "7", "written": 0}}, ["d.s.t has 7 rows"]),
        (A, A, {}, ["d.s.t is missing"]),
    ],
)
def test_a_restored_table_is_what_it_was(
    before: Any, after: Any, restored: Any, wrong: list[str]
) -> None:
    found = counts.compare(before, after, restored)
    assert len(found) == len(wrong)
    assert all(line.startswith(start) for line, start in zip(found, wrong, strict=True))


def test_a_sample_is_of_files_only_and_notes_what_is_in_them(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"file {number}").write_text(str(number))
    (tmp_path / "link").symlink_to("file 1")
    found = files.sample(tmp_path, 7)
    assert len(found) == 7
    path = next(iter(found))
    assert files.note(Path(path)) == found[path]
    Path(path).write_text("else")
    assert files.note(Path(path)) != found[path]
    assert files.note(tmp_path / "gone") == []


def test_a_name_with_wild_cards_means_itself() -> None:
    assert restic.literal("/srv/a[1]*?.png") == r"/srv/a\[1\]\*\?.png"


def test_a_storage_that_does_not_listen_is_said_at_once() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    away = configuration.Repository("offsite", 2, f"s3:https://127.0.0.1:{port}/b/p/files", [])
    with pytest.raises(BackupError, match="the storage can't be reached"):
        restic.reach(away)
    restic.reach(configuration.Repository("local", 1, "/var/backups/readyhost/files", []))


def test_moments() -> None:
    assert recovery_target.parse("latest").time is None
    assert recovery_target.parse("2026-01-31 12:00:00").time == 1769860800
    assert recovery_target.parse("2026-01-31T13:00:00+01:00").time == 1769860800
    assert recovery_target.parse("release-v1.2.0").name == "release-v1.2.0"
    with pytest.raises(BackupError):
        recovery_target.parse("2026-13-31 12:00:00")


def test_the_newest_backup_that_had_ended_is_taken() -> None:
    found = [{"label": str(stop), "timestamp": {"stop": stop}} for stop in (100, 200, 300)]
    assert (
        recovery_target.choose(recovery_target.RecoveryTarget("x", 250), found, "local")["label"]
        == "200"
    )
    assert (
        recovery_target.choose(recovery_target.RecoveryTarget("latest"), found, "local")["label"]
        == "300"
    )
    with pytest.raises(BackupError, match="no backup of the database from before"):
        recovery_target.choose(recovery_target.RecoveryTarget("x", 50), found, "local")


def test_a_backup_of_what_was_undone_is_not_restored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timelines, "FILE", tmp_path / "restores.jsonl")
    found = [{"label": str(stop), "timestamp": {"stop": stop}} for stop in (100, 200, 300)]
    assert timelines.alive(found) == found
    assert timelines.last() == 0
    timelines.note(None, 220)
    timelines.note(150, 250)
    assert [each["label"] for each in timelines.alive(found)] == ["100", "300"]
    assert timelines.last() == 250


def test_a_point_needs_a_name(here: configuration.Configuration) -> None:
    with pytest.raises(BackupError, match="is no name"):
        restore_points.make(here, "a'; DROP TABLE x")


def test_the_backups_of_another_major_version_are_refused_with_what_takes_them(
    here: configuration.Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The stanzas as pgBackRest prints them after an upgrade in place: both versions are known."""
    known = [{"repo-key": 1, "version": "13"}, {"repo-key": 1, "version": "14"}]
    monkeypatch.setattr(database, "_info", lambda repository: [{"db": known}])
    (repository,) = here.repositories
    assert database.version(repository) == here.cluster.version
    newer = replace(here, cluster=replace(here.cluster, version=16))
    with pytest.raises(BackupError, match="of PostgreSQL 14, and this host has 16: `upgrade`"):
        restore_cluster.describe(newer, repository, recovery_target.parse("latest"))
    monkeypatch.setattr(database, "_info", lambda repository: [])
    assert database.version(repository) is None


def test_an_upgrade_takes_each_database_from_its_dump(
    here: configuration.Configuration, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        restore.restore_snapshots, "choose", lambda *_: {"time": "2026-01-31T12:00:00Z"}
    )
    several = replace(here, databases=["shop", "blog"])
    options = parser().parse_args(["restore", "upgrade"])
    said = restore.plan(several, options)
    assert [line.split(" are ")[0] for line in said] == [
        "files below /srv/shop/uploads",
        "the contents of the database shop",
        "the contents of the database blog",
    ]
