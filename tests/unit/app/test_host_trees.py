"""How many processes a unit makes itself, and what is said when nobody has said so."""

from __future__ import annotations

from pathlib import Path

import pytest

from roles.app.host import systemd, trees

UNIT, OTHER = "shop-web-blue@1.service", "shop-web-blue@11.service"


@pytest.fixture
def proc(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(trees, "PROC", tmp_path)
    return tmp_path


def process(proc: Path, pid: int, parent: int, name: str, unit: str = UNIT) -> None:
    folder = proc / str(pid)
    folder.mkdir()
    (folder / "cgroup").write_text(f"1:name=systemd:/a/{unit}\n0::/a.slice/{unit}\n")
    (folder / "stat").write_text(f"{pid} ({name}) S {parent} 1 1 0 -1\n")


def sized(monkeypatch: pytest.MonkeyPatch, working: int) -> None:
    told = {"Environment": f"INSTANCE=1 WEB_CONCURRENCY={working} A=b"}
    monkeypatch.setattr(systemd, "show", lambda units, *names: dict.fromkeys(units, told))


def test_APP_11_forks_are_processes_of_one_name_and_parent(proc: Path) -> None:
    process(proc, 10, 1, "python3")
    for pid in (11, 12, 13):
        process(proc, pid, 10, "a ) b (c")
    process(proc, 14, 10, "cat")
    process(proc, 15, 11, "a ) b (c")
    process(proc, 20, 1, "npm start", OTHER)
    process(proc, 21, 20, "sh", OTHER)
    process(proc, 22, 21, "node", OTHER)
    (proc / "30").mkdir()  # has ended
    assert trees.forks([UNIT, OTHER, "gone"]) == {UNIT: 3, OTHER: 1}


def test_APP_11_forks_that_nobody_told_are_advised(
    proc: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the most that were seen: at the moment that one is missed there may be fewer."""
    sized(monkeypatch, 1)
    seen = trees.Trees()
    assert seen.advice(UNIT, "app.web") == ""
    process(proc, 10, 1, "node")
    process(proc, 11, 10, "node")
    assert seen.advice(UNIT, "app.web") == ""
    process(proc, 12, 10, "node")
    seen.look([UNIT, OTHER])
    (proc / "12" / "stat").unlink()
    said = seen.advice(UNIT, "app.web")
    assert said == "; it makes 2 processes itself and is sized as one: set app.web.forks = 2"
    assert trees.advised(f"killed at its ceiling{said}") == "set app.web.forks = 2"
    assert trees.advised("killed at its ceiling") == ""
    sized(monkeypatch, 2)
    assert seen.advice(UNIT, "app.web") == ""
