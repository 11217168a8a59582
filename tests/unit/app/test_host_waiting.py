"""What the program on the host waits for: the last connection, locks, another release. All real."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path

import pytest

from roles.app.host import deploy, drain, lock, record, systemd
from roles.app.host.errors import Locked, ReleaseError
from roles.app.host.layout import Layout
from roles.core.host import disk


def test_it_waits_for_the_last_connection(tmp_path: Path) -> None:
    path = tmp_path / "web-1.sock"
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen()
    client = socket.socket(socket.AF_UNIX)
    client.connect(str(path))
    accepted, _ = server.accept()
    assert drain.wait([path], 0.3, settle=0) == 1
    timer = threading.Timer(0.5, accepted.close)
    timer.start()
    begin = time.monotonic()
    assert drain.wait([path], 10, settle=0) == 0
    assert 0.4 < time.monotonic() - begin < 5
    timer.join()
    client.close()
    server.close()


HOLDER = """
import sys, time
from pathlib import Path
from roles.app.host import lock
with lock.held(Path(sys.argv[1]), "ann@laptop", sys.argv[2]):
    print("held", flush=True)
    time.sleep(float(sys.argv[3]))
"""


@contextmanager
def holder(path: Path, what: str, seconds: float) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(path), what, str(seconds)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    assert process.stdout and process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


def test_another_release_is_refused_with_the_holders_name(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with (
        holder(path, "release v2", 30),
        pytest.raises(Locked, match="ann@laptop is busy with release v2 since 2"),
        lock.held(path, "bob", "release v1"),
    ):
        pass


def test_the_same_release_is_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    begin = time.monotonic()
    with lock.held(path, "ann@laptop", "release v2") as waited:
        assert not waited
    assert not lock.is_held(path)
    with holder(path, "release v2", 1), lock.held(path, "ann@laptop", "release v2") as waited:
        assert waited
        assert time.monotonic() - begin > 0.5


def test_the_lock_dies_with_its_holder(tmp_path: Path) -> None:
    path = tmp_path / "lock"
    with holder(path, "release v2", 30) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        with lock.held(path, "bob", "release v1"):
            assert b"bob" in path.read_bytes()
    assert path.read_bytes() == b""


@pytest.mark.parametrize(("tried", "refused"), [(["a", "b"], False), (["a"], True)])
def test_a_start_that_was_tried_is_left_to_its_proof(
    monkeypatch: pytest.MonkeyPatch, tried: list[str], refused: bool
) -> None:
    def call(verb: str, units: list[str]) -> None:
        raise ReleaseError(f"{verb} {units}: canceled")

    monkeypatch.setattr(systemd, "call", call)
    monkeypatch.setattr(systemd, "active", lambda _: tried)
    with pytest.raises(ReleaseError) if refused else nullcontext():
        systemd.start(["a", "b"])


def test_REL_07_who_waited_for_a_release_that_failed_hears_all_that_was_said(
    tmp_path: Path,
) -> None:
    """The second run of the same had the cause alone, without the process's last lines."""
    layout = Layout("shop", str(tmp_path))
    layout.logs.mkdir(parents=True)
    now = time.time()
    entry = {"who": "ann", "tag": "v2", "identity": "abc", "outcome": "failed", "reason": "no"}
    record.append(layout.record, **entry)
    with pytest.raises(ReleaseError, match=r"ann did the same, and it failed: no$"):
        deploy._refuse_what_just_failed(layout, "abc", now)
    disk.write_json(layout.failure, {"identity": "abc", "said": "no\nlast lines of x:\n  boom"})
    with pytest.raises(ReleaseError, match="failed: no\nlast lines of x:\n  boom"):
        deploy._refuse_what_just_failed(layout, "abc", now)
    disk.write_json(layout.failure, {"identity": "another", "said": "of another release"})
    with pytest.raises(ReleaseError, match=r"failed: no$"):
        deploy._refuse_what_just_failed(layout, "abc", now)
    deploy._refuse_what_just_failed(layout, "other", now)
