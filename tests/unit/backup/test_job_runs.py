"""What a job leaves behind: its record, its metrics, and problems that the watch finds."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from roles.backup.host import configuration, job_runs, monitor
from roles.backup.host.metrics import render
from roles.core.host import journal


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
