"""A backup is ended before the database has no room left, and everything that it started."""

from __future__ import annotations

import dataclasses
import shutil
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from roles.backup.host import configuration, disk_guard, process
from roles.backup.host.errors import BackupError


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    found = SimpleNamespace(total=1000, used=0, free=1000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: found)
    monkeypatch.setattr(disk_guard, "INTERVAL", 0.01)
    return found


def test_what_runs_is_ended_with_all_that_it_started(
    here: configuration.Configuration, disk: SimpleNamespace, tmp_path: Path
) -> None:
    here = dataclasses.replace(here, disk_reserve_percent=10)
    file = tmp_path / "pid"
    with (
        pytest.raises(BackupError, match="=> the disk is full: make room"),
        disk_guard.guarded(here),
    ):
        threading.Thread(target=_fill, args=(disk, file)).start()
        process.run(["sh", "-c", f"sh -c 'echo $$ >{file}; sleep 60; true' & wait"])
    end = time.monotonic() + 20
    while _runs(file.read_text().strip()):
        assert time.monotonic() < end, "what it started goes on"
        time.sleep(0.05)


def _runs(pid: str) -> bool:
    try:
        return "zombie" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def _fill(disk: SimpleNamespace, once: Path) -> None:
    while not (once.exists() and once.read_text()):
        time.sleep(0.01)
    disk.free = 49


def test_nothing_begins_without_room(
    here: configuration.Configuration, disk: SimpleNamespace
) -> None:
    disk.free = 49
    with pytest.raises(BackupError, match="make room"), disk_guard.guarded(here):
        pytest.fail("it began")
    disk.free = 51
    with disk_guard.guarded(here):
        pass
