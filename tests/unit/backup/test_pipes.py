"""What an application puts in the place of a file, and a restore would wait for."""

from __future__ import annotations

import os
import socket
import sys
import time
from pathlib import Path

import pytest

from roles.backup.host import pipes
from roles.backup.host.errors import BackupError
from roles.backup.host.process import run

WRITES = "import sys, time; open(sys.argv[1], 'w'); time.sleep(float(sys.argv[2]))"


def test_SEC_03_pipes_and_sockets_go_and_all_else_stays(tmp_path: Path) -> None:
    ours, others = tmp_path / "uploads", tmp_path / "others"
    for folder in (ours / "a [b]", others):
        folder.mkdir(parents=True)
        os.mkfifo(folder / "pipe")
        (folder / "file").write_text("x")
    (ours / "link").symlink_to(others)
    (ours / "to-a-pipe").symlink_to(others / "pipe")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(str(ours / "door"))
    gone = pipes.removed([str(tmp_path)], [str(ours)])
    assert sorted(gone) == [f"{ours}/a [b]/pipe", f"{ours}/door"]
    assert sorted(each.name for each in ours.rglob("*")) == ["a [b]", "file", "link", "to-a-pipe"]
    assert (others / "pipe").exists()


def test_SEC_03_one_that_was_chosen_by_its_name_goes_too(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert pipes.removed([f"{tmp_path}/pipe", f"{tmp_path}/absent"], [str(tmp_path)])
    assert not pipes.removed(["/elsewhere"], [str(tmp_path)])


def test_SEC_03_who_waits_for_a_pipe_that_came_later_is_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipes, "LOOK", 0.2)
    os.mkfifo(tmp_path / "pipe")
    begin = time.monotonic()
    with pytest.raises(BackupError, match="put in the place of a file"), pipes.ended():
        run([sys.executable, "-c", WRITES, str(tmp_path / "pipe"), "0"])
    assert time.monotonic() - begin < 20


def test_SEC_03_who_is_at_work_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipes, "LOOK", 0.1)
    with pipes.ended():
        run([sys.executable, "-c", WRITES, str(tmp_path / "file"), "1"])
    with pytest.raises(BackupError, match="failed"), pipes.ended():
        run([sys.executable, "-c", "raise SystemExit(3)"])
