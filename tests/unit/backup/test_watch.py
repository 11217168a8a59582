"""What the watch begins by itself: a backup that waits for no schedule, and that only once."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any, cast

import pytest

from roles.backup.host import command, lock, monitor


@pytest.fixture
def begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The jobs that a watch begins on a host that has no backup of its database yet."""
    found: list[str] = []
    monkeypatch.setattr(command, "run", lambda words, **_: found.append(words[-1]))
    monkeypatch.setattr(monitor, "look", lambda _: [])
    monkeypatch.setattr(monitor, "due", lambda _: ["database full"])
    is_held, held = lock.is_held, lock.held
    monkeypatch.setattr(lock, "is_held", lambda name: is_held(name, tmp_path))
    monkeypatch.setattr(lock, "held", lambda name, **more: held(name, tmp_path, **more))
    return found


def watch() -> int:
    return command._watch(cast("Any", None), argparse.Namespace())


def test_what_is_due_is_begun(begun: list[str]) -> None:
    with lock.held("files"):
        assert watch() == 0
    assert [words.split()[-2:] for words in begun] == [["database", "full"]]


def test_a_job_that_runs_is_not_begun_a_second_time(begun: list[str]) -> None:
    """The first full backup may take an hour, and the watch looks every ten minutes: it began one
    more each time, which ran one after another."""
    with lock.held("database"):
        assert watch() == 0
    assert begun == []
