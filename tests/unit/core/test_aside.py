"""Questions that take what CPU users leave."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import pytest

from roles.core import aside


def asked(question: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-c", aside.aside(question)], check=False, capture_output=True, text=True
    )


@pytest.fixture
def group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Control groups that are ordinary files: the kernel's own refuse who is not root."""
    (tmp_path / "cpu").mkdir()
    monkeypatch.setattr(aside, "_BEGIN", aside._BEGIN.replace("/sys/fs/cgroup", str(tmp_path)))
    return tmp_path / "cpu" / "readyhost_questions"


def test_a_question_is_asked_in_an_idle_group(group: Path) -> None:
    done = asked(f"cat {group}/cpu.idle; exit 3")
    assert (done.stdout, done.returncode) == ("1\n", 3)
    assert (group / "cgroup.procs").read_text().strip().isdigit()


def test_it_is_put_off_for_so_long_at_most(group: Path) -> None:
    done = asked(f"sleep {aside.PATIENCE + 0.5}; cat {group}/cpu.idle")
    assert done.stdout == "0\n"


def test_nothing_of_it_is_left(group: Path) -> None:
    begun = time.monotonic()
    asked("true")
    assert time.monotonic() - begun < aside.PATIENCE / 2, "a pipe was kept open"
    running = subprocess.run(["ps", "-eo", "args"], check=True, capture_output=True, text=True)
    assert str(group) not in running.stdout


def test_where_there_are_no_groups_it_is_asked_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    none = tmp_path / "file"
    none.write_text("")
    monkeypatch.setattr(aside, "_BEGIN", aside._BEGIN.replace("/sys/fs/cgroup", str(none)))
    done = asked("echo well")
    assert (done.stdout, done.stderr, done.returncode) == ("well\n", "", 0)
