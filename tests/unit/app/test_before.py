"""What is refused before anything of a host is changed. The questions are asked of a real shell."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from roles.app.before import BeforeFact, busy, moved
from roles.app.host import lock, record


def asked(folder: Path, tag: str) -> dict[str, Any]:
    fact = BeforeFact()
    command = fact.command(str(folder / "releases.jsonl"), str(folder / "lock"), tag)
    done = subprocess.run(["sh", "-c", command], check=True, capture_output=True, text=True)
    return fact.process(done.stdout.splitlines())


def test_REL_01_a_moved_tag_is_refused_with_both_commits(tmp_path: Path) -> None:
    path = tmp_path / "releases.jsonl"
    record.append(path, who="ann", tag="v1", commit="a" * 40, outcome="live", **{"from": None})
    record.append(path, who="bob", tag="v1.1", commit="b" * 40, outcome="live", **{"from": "v1"})
    record.append(path, who="bob", tag="v1", commit="c" * 40, outcome="failed", **{"from": "v1.1"})
    last = asked(tmp_path, "v1")["live"]
    refusal = moved(last, "v1", "d" * 40)
    assert refusal.startswith(f"the tag v1 was {'a' * 12} when ann made it live (2")
    assert f"and is {'d' * 12} now" in refusal
    assert f"new tag, or put the old one back with `git tag -f v1 {'a' * 12}`" in refusal
    assert moved(last, "v1", "a" * 40) == ""


def test_a_host_that_knows_nothing_refuses_nothing(tmp_path: Path) -> None:
    assert asked(tmp_path, "v1") == {}
    assert moved({}, "v1", "d" * 40) == ""
    assert busy({}, "v1") == ""


def test_REL_04_a_holder_is_named_before_anything_is_changed(tmp_path: Path) -> None:
    with lock.held(tmp_path / "lock", "ann@laptop", "release v1"):
        holder = asked(tmp_path, "v2")["held"]
    assert busy(holder, "v2").startswith("ann@laptop is busy with release v1 since 2")
    assert busy(holder, "v1") == ""
    assert asked(tmp_path, "v2") == {}


def test_REL_04_a_holder_that_died_is_no_holder(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text('{"who": "ann", "what": "release v1"}')
    assert asked(tmp_path, "v2") == {}
