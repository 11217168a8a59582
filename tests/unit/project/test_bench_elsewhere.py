"""The operator's work is put off for the box and its visitors, where the kernel can."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import elsewhere


@pytest.fixture(autouse=True)
def forgotten() -> Iterator[None]:
    elsewhere.apart.cache_clear()
    yield
    elsewhere.apart.cache_clear()


def test_it_enters_an_idle_group(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    group = tmp_path / elsewhere.NAME
    group.mkdir()
    (group / "cpu.idle").write_text("0\n")
    monkeypatch.setattr(elsewhere, "GROUPS", (str(tmp_path / "none"), str(tmp_path)))
    said = subprocess.run(
        [*elsewhere.apart(), "sh", "-c", "echo $$ $1", "sh", "as it is"],
        check=True, text=True, capture_output=True,
    ).stdout.split(" ", 1)  # fmt: skip
    assert (group / "cpu.idle").read_text() == "1"
    assert (group / "cgroup.procs").read_text().strip() == said[0]
    assert said[1] == "as it is\n"


def test_without_such_groups_it_is_nice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(elsewhere, "GROUPS", (str(tmp_path),))
    assert elsewhere.apart() == elsewhere.BEHIND
    assert list(tmp_path.iterdir()) == []
