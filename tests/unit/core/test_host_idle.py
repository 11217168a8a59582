"""Which files say that a slice is idle, where control groups are of either version."""

from __future__ import annotations

from pathlib import Path

import pytest

from roles.core.host import idle

SLICE = "my-shop-blue.slice"


@pytest.mark.parametrize("controller", idle.CONTROLLERS)
def test_a_slice_becomes_idle_and_back(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, controller: str
) -> None:
    file = tmp_path / controller / "my.slice/my-shop.slice/my-shop-blue.slice/cpu.idle"
    monkeypatch.setattr(idle, "GROUPS", tmp_path)
    idle.make(SLICE, idle=True)  # an old kernel has no such file
    assert not idle.has_group(SLICE)
    assert not idle.is_idle(SLICE)
    file.parent.mkdir(parents=True)
    file.write_text("0\n")
    for each in (True, False):
        idle.make(SLICE, idle=each)
        assert idle.is_idle(SLICE) is each
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == [file]
