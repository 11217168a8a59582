"""Gunicorn's way to look after its workers, played by real processes: a master that ends a worker
which it has heard nothing of for a second, and workers that tell it ten times in that time."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from roles.app.host import frozen

TIMEOUT = 1.0  # seconds
MASTER = f"""
import os, signal, sys, tempfile, time

def worker(file, is_mute):
    while True:
        if not is_mute:
            os.utime(file, (time.monotonic(), time.monotonic()))
        time.sleep(0.1)

file, name = tempfile.mkstemp(prefix="wgunicorn-")
os.unlink(name)
forks = []
for _ in range(2):
    forks.append(os.fork())
    if not forks[-1]:
        worker(file, sys.argv[1] == "mute")
print(*forks, flush=True)
while True:
    time.sleep(0.05)
    if time.time() - os.fstat(file).st_ctime > {TIMEOUT}:
        for fork in forks:
            os.kill(fork, signal.SIGKILL)
"""


@contextmanager
def played(tmp_path: Path, workers: str) -> Iterator[frozen.Group]:
    """A frozen master and its workers, when the master would have lost patience."""
    program = tmp_path / "gunicorn"
    program.write_text(MASTER)
    command = [sys.executable, str(program), workers]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as master:
        assert master.stdout
        forks = list(map(int, master.stdout.readline().split()))
        found = [master.pid, *forks]
        try:
            assert frozen.can_freeze(found)
            for process in found:
                os.kill(process, signal.SIGSTOP)
            time.sleep(TIMEOUT * 1.5)
            assert frozen.is_frozen(found)
            yield found
        finally:
            for process in (*forks, master.pid):
                os.kill(process, signal.SIGKILL)


@pytest.fixture
def group(tmp_path: Path) -> Iterator[frozen.Group]:
    """Workers that tell."""
    with played(tmp_path, "tell") as found:
        yield found


@pytest.fixture
def mute(tmp_path: Path) -> Iterator[frozen.Group]:
    """Workers that tell nothing from the beginning on."""
    with played(tmp_path, "mute") as found:
        yield found


def lives(process: int) -> bool:
    """Whether a process runs or sleeps."""
    state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    return state in "RS"


def test_REL_03_a_master_goes_on_when_it_has_heard_of_its_workers(group: frozen.Group) -> None:
    assert frozen.Thaw([[], group]).end(lambda: True)
    time.sleep(TIMEOUT / 2)
    assert all(map(lives, group))


def test_a_master_that_goes_on_at_once_ends_its_workers(group: frozen.Group) -> None:
    """What the test above is of: without the wait it is as Gunicorn does."""
    os.kill(group[0], signal.SIGCONT)
    time.sleep(TIMEOUT / 2)
    assert not any(map(lives, group[1:]))


def test_a_worker_that_does_not_tell_leaves_its_master_frozen(
    mute: frozen.Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frozen, "PATIENCE", 0.3)
    monkeypatch.setattr(frozen, "TIMEOUT", TIMEOUT)
    assert not frozen.Thaw([mute]).end(lambda: True)
    assert not lives(mute[0])
    assert all(map(lives, mute[1:]))


def test_a_worker_whose_turn_to_tell_has_not_come_is_no_silent_one(
    mute: frozen.Group, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Uvicorn's tell after half of the timeout: until then nothing has them tell."""
    monkeypatch.setattr(frozen, "PATIENCE", 0.3)
    monkeypatch.setattr(frozen, "TIMEOUT", 60.0)
    assert frozen.Thaw([mute]).end(lambda: True)


def test_what_a_frozen_master_looks_after_ends_before_it(group: frozen.Group) -> None:
    frozen.end_forks([[], [os.getpid()], group])  # a mount runs, and has no process
    assert all(frozen._has_ended(fork) for fork in group[1:])
    assert frozen.is_frozen(group[:1])


def test_what_nobody_froze_is_not_ended(group: frozen.Group) -> None:
    """Such as a queue's worker in the middle of its work."""
    assert frozen.Thaw([group]).end(lambda: True)
    frozen.end_forks([group])
    assert all(map(lives, group))


@pytest.mark.parametrize("where", ["", "/"])
def test_a_unit_without_a_group_of_its_own_has_no_forks(where: str) -> None:
    """All of a host are in the group without a name."""
    assert frozen.group({"MainPID": "17", "ControlGroup": where}) == [17]


def test_a_command_line_without_an_end_is_not_read_to_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert len(frozen._command(os.getpid())) <= frozen.READ
    with subprocess.Popen([sys.executable, "-c", "input()", "x" * 100_000], stdin=-1) as process:
        assert len(frozen._command(process.pid)) <= frozen.READ
        process.kill()


@pytest.mark.parametrize(
    ("words", "seconds"),
    [
        (["gunicorn", "--timeout", "120", "app:app"], 120),
        (["gunicorn", "--timeout=90", "app:app"], 90),
        (["gunicorn", "-t", "5", "app:app"], 5),
        (["gunicorn", "app:app"], frozen.TIMEOUT),
        (["gunicorn", "--graceful-timeout", "9", "app:app"], frozen.TIMEOUT),
    ],
)
def test_its_timeout_is_that_of_its_command_line(
    words: list[str], seconds: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frozen, "_command", lambda _: "\0".join([*words, ""]))
    assert frozen._timeout(1) == seconds


def test_what_does_not_answer_is_not_waited_for(mute: frozen.Group) -> None:
    begun = time.monotonic()
    assert not frozen.Thaw([mute]).end(lambda: False)
    assert time.monotonic() - begun < frozen.PATIENCE


def test_forks_of_who_is_no_gunicorn_are_not_frozen() -> None:
    assert frozen.can_freeze([os.getpid()])
    assert not frozen.can_freeze([os.getpid(), os.getppid()])
    assert not frozen.can_freeze([])
