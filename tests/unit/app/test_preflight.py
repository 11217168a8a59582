"""What is refused before anything of a host is changed. The questions are asked of a real shell."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from roles.app.host import lock, record
from roles.app.preflight import ask, is_first, require
from roles.app.releases import Release
from roles.core.errors import OperatorError
from roles.core.machine import Machine


@dataclass(frozen=True)
class Here:
    """The part of an application's layout that is asked for."""

    folder: Path

    @property
    def record(self) -> Path:
        return self.folder / "releases.jsonl"

    @property
    def lock(self) -> Path:
        return self.folder / "lock"

    @property
    def live(self) -> Path:
        return self.folder / "live"


def asked(folder: Path, tag: str) -> Machine:
    """A machine that has answered."""
    here: Any = Here(folder)
    done = subprocess.run(["sh", "-c", ask(here, tag)], check=True, capture_output=True, text=True)
    lines = [line.removeprefix("told ") for line in done.stdout.splitlines() if line]
    return Machine.example(told=tuple(lines))


def refusal(folder: Path, tag: str, commit: str = "") -> str:
    """Why the host refuses the release; empty when it does not."""
    try:
        require(asked(folder, tag), replace(Release.example(), tag=tag, commit=commit or "d" * 40))
    except OperatorError as error:
        return str(error)
    return ""


def test_REL_01_a_moved_tag_is_refused_with_both_commits(tmp_path: Path) -> None:
    path = tmp_path / "releases.jsonl"
    record.append(path, who="ann", tag="v1", commit="a" * 40, outcome="live", **{"from": None})
    record.append(path, who="bob", tag="v1.1", commit="b" * 40, outcome="live", **{"from": "v1"})
    record.append(path, who="bob", tag="v1", commit="c" * 40, outcome="failed", **{"from": "v1.1"})
    said = refusal(tmp_path, "v1")
    assert said.startswith(f"the tag v1 was {'a' * 12} when ann made it live (2")
    assert f"and is {'d' * 12} now" in said
    assert f"new tag, or put the old one back with `git tag -f v1 {'a' * 12}`" in said
    assert refusal(tmp_path, "v1", "a" * 40) == ""


def test_a_host_that_knows_nothing_refuses_nothing(tmp_path: Path) -> None:
    assert refusal(tmp_path, "v1") == ""


def test_REL_04_a_holder_is_named_before_anything_is_changed(tmp_path: Path) -> None:
    with lock.held(tmp_path / "lock", "ann@laptop", "release v1"):
        said = refusal(tmp_path, "v2")
        assert said.startswith("ann@laptop is busy with release v1 since 2")
        assert refusal(tmp_path, "v1") == ""
    assert refusal(tmp_path, "v2") == ""


def test_REL_04_a_holder_that_died_is_no_holder(tmp_path: Path) -> None:
    (tmp_path / "lock").write_text('{"who": "ann", "what": "release v1"}')
    assert refusal(tmp_path, "v2") == ""


def test_a_host_tells_whether_a_release_was_ever_live(tmp_path: Path) -> None:
    assert is_first(asked(tmp_path, "v1"))
    # As after a boot, before its processes are there: the link leads nowhere.
    (tmp_path / "live").symlink_to("/run/shop/blue")
    assert not is_first(asked(tmp_path, "v1"))
