"""A build may print and write what it likes: neither the log nor the disk is filled by it."""

from __future__ import annotations

import io
import os
import subprocess
import time
from pathlib import Path

import pytest

from roles.app.host import output, room


def copied(said: bytes) -> bytes:
    log = io.BytesIO()
    output.copy(io.BytesIO(said), log)
    return log.getvalue()


def test_SEC_02_all_of_what_builds_usually_print_is_kept() -> None:
    said = os.urandom(output.PART + 7)
    assert copied(said) == said
    said = bytes(output.HEAD + 2 * output.TAIL)
    assert copied(said) == said, "up to the last byte that is not too much"


def test_SEC_02_of_too_much_output_the_beginning_and_the_end_are_kept() -> None:
    said = b"first\n" + bytes(output.HEAD + 5 * output.TAIL) + b"last\n"
    log = copied(said)
    assert log.startswith(b"first\n")
    assert log.endswith(b"last\n")
    assert b"bytes of this command's output are left out here" in log
    assert len(log) < output.HEAD + 3 * output.TAIL


def test_SEC_02_a_command_that_fills_the_disk_is_ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    ended: list[list[str]] = []
    monkeypatch.setattr(subprocess, "run", lambda command, **_: ended.append(command))
    with room.Guard("it.service", [tmp_path], 0) as guard:
        time.sleep(2 * room.INTERVAL)
    assert not guard.said
    assert not ended
    with room.Guard("it.service", [tmp_path], 2**40) as guard:
        time.sleep(2 * room.INTERVAL)
    assert "MiB free, less than half of app.build.free_disk_mb" in guard.said
    assert ended[0] == ["systemctl", "kill", "--signal=SIGKILL", "it.service"]


def test_SEC_02_files_without_a_byte_are_counted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    real = os.statvfs(tmp_path)
    few = os.statvfs_result((*real[:5], 5_000, 100, 99, *real[8:10]))
    monkeypatch.setattr(os, "statvfs", lambda _: few)
    assert room.short(tmp_path, 0) == f"{tmp_path} has room for 99 more files of 5000"
