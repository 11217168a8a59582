"""Which file makes a job's processes idle ones, where groups are of either kind."""

from __future__ import annotations

from pathlib import Path

import pytest

from roles.backup.host.idle_scheduling import SLICE, become_idle


@pytest.mark.parametrize(
    "line, folder",
    [
        (f"0::/{SLICE}/run-1.service", SLICE),
        (f"5:cpu,cpuacct:/{SLICE}/a", f"cpu,cpuacct/{SLICE}"),
        (f"5:cpu:/{SLICE}/a", f"cpu/{SLICE}"),
        (f"0::/machine/{SLICE}/a", f"machine/{SLICE}"),
    ],
)
def test_the_slice_of_jobs_becomes_idle(tmp_path: Path, line: str, folder: str) -> None:
    mine = tmp_path / "mine"
    mine.write_text(f"9:memory:/system.slice/else\n{line}\n")
    file = tmp_path / folder / "cpu.idle"
    file.parent.mkdir(parents=True)
    file.write_text("0")
    become_idle(tmp_path, mine)
    assert file.read_text() == "1"


def test_an_old_kernel_has_no_such_file(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_text(f"0::/{SLICE}/run-1.service\n")
    become_idle(tmp_path, mine)


def test_a_group_that_others_share_is_left_as_it_is(tmp_path: Path) -> None:
    mine = tmp_path / "mine"
    mine.write_text("5:cpu:/\n0::/system.slice/run-1.service\n")
    for folder in ("cpu", "", "system.slice/run-1.service"):
        file = tmp_path / folder / "cpu.idle"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("0")
    become_idle(tmp_path, mine)
    assert {each.read_text() for each in tmp_path.rglob("cpu.idle")} == {"0"}
