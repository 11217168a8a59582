"""A restore before it begins, and after: which backup it takes, and that all is back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from roles.backup.host import (
    configuration,
    counts,
    database,
    files,
    recovery_target,
    restore,
    restore_cluster,
    restore_points,
    timelines,
)
from roles.backup.host.arguments import parser
from roles.backup.host.errors import BackupError

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
