"""Which file makes a job's processes idle ones, where groups are of either kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from roles.backup.host.courtesy import make_way


@pytest.mark.parametrize(
    "line, folder",
    [
        ("0::/system.slice/run-1.service", "system.slice/run-1.service"),
        ("5:cpu,cpuacct:/system.slice/a", "cpu,cpuacct/system.slice/a"),
        ("5:cpu:/system.slice/a", "cpu/system.slice/a"),
    ],
)
def test_its_own_group_becomes_idle(tmp_path: Path, line: str, folder: str) -> None:
    mine = tmp_path / "mine"
    mine.write_text(f"9:memory:/system.slice/else\n{line}\n")
    file = tmp_path / folder / "cpu.idle"
    file.parent.mkdir(parents=True)
    file.write_text("0")
    make_way(tmp_path, mine)
    assert file.read_text() == "1"


def test_an_old_kernel_has_no_such_file(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_text("0::/system.slice/run-1.service\n")
    make_way(tmp_path, mine)
