"""One run at a time: the shell that takes the lock, and what is said of who has it."""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path

from roles.core.run_lock import occupied, read, script


def test_who_is_busy_is_said_with_how_to_stop_it() -> None:
    holder = {"who": "alice", "what": "deploy.py", "since": "12:00", "process": 7, "state": "lost"}
    answer = read([f"busy {json.dumps(holder)}"])
    said = occupied(answer.busy, 10)
    assert "alice is busy here with deploy.py since 12:00" in said
    assert "sudo kill 7" in said
    assert "connection is lost" in said
    assert not answer.ready


def test_a_holder_that_has_not_said_who_it_is_is_somebody() -> None:
    assert "somebody is busy here with a run" in occupied(read(["busy "]).busy, 0)


def test_one_of_two_has_the_lock_and_it_ends_with_its_input(tmp_path: Path) -> None:
    def begin(wait: int) -> subprocess.Popen[str]:
        text = script("deploy.py", 'it\'s $(me) "x"', wait, hold=True)
        text = text.replace("/run/readyhost", f"{tmp_path}/run")
        return subprocess.Popen(
            ["sh", "-c", text], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    with begin(0) as first:
        assert first.stdout
        assert read(first.stdout).ready
        with begin(0) as second:
            assert second.stdout
            assert second.stdin
            second.stdin.close()
            assert read(second.stdout).busy["who"] == "it?s ??me? ?x?"
        assert first.stdin
        first.stdin.close()
    began = time.monotonic()
    with begin(5) as third:
        assert third.stdout
        assert read(third.stdout).ready
        assert time.monotonic() - began < 4
        third.kill()


def test_who_waits_is_told_where_the_other_one_is(tmp_path: Path) -> None:
    def begin(wait: int) -> subprocess.Popen[str]:
        text = script("deploy.py", "alice", wait, hold=True)
        text = text.replace("/run/readyhost", f"{tmp_path}/run")
        return subprocess.Popen(
            ["sh", "-c", text], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    first = begin(0)
    assert first.stdin and first.stdout
    while first.stdout.readline() != "ready\n":
        pass
    with first, begin(30) as second:
        assert second.stdin and second.stdout
        busy = read([second.stdout.readline()]).busy
        assert (busy["who"], busy["step"], busy["state"]) == ("alice", "", "running")
        second.stdin.write("wait\n")
        second.stdin.flush()
        said = []
        for step in ("PostgreSQL | running", "App | v1.0.0 is live"):
            first.stdin.write(f"{step}\n")
            first.stdin.flush()
            said.append(second.stdout.readline())
        assert said == ["at PostgreSQL | running\n", "at App | v1.0.0 is live\n"]
        told = json.loads((tmp_path / "run/run.json").read_text())
        assert "at the step 'App | v1.0.0 is live'" in occupied(told, 3)
        first.stdin.close()
        assert read(second.stdout).ready
        second.stdin.close()
