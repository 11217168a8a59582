"""Files that are nothing on the disk and much to read keep nobody's backup waiting."""

from __future__ import annotations

import os
from pathlib import Path

from roles.backup.host import hollow
from roles.core.host.hollow import Found

MIB = 2**20


def sparse(path: Path, size: int) -> str:
    path.touch()
    os.truncate(path, size)
    return str(path)


def test_SEC_03_holes_and_further_names_count_and_nothing_else(tmp_path: Path) -> None:
    full = tmp_path / "full"
    full.write_bytes(os.urandom(MIB))
    found = Found()
    assert found.more(full.lstat()) == 0
    (tmp_path / "again").hardlink_to(full)
    found = Found()
    assert [found.more(path.lstat()) for path in (full, tmp_path / "again")] == [0, MIB]
    assert found.more(os.lstat(sparse(tmp_path / "hollow", 5 * MIB))) == 5 * MIB
    assert found.more(tmp_path.lstat()) == 0
    (tmp_path / "link").symlink_to(tmp_path / "hollow")
    assert found.more((tmp_path / "link").lstat()) == 0


def test_SEC_03_the_most_hollow_files_are_left_out(tmp_path: Path) -> None:
    (tmp_path / "true").write_bytes(os.urandom(MIB))
    small = sparse(tmp_path / "some", 500 * MIB)
    assert hollow.beyond(str(tmp_path), 1) == []
    huge = sparse(tmp_path / "huge\x1b[8m", 2**43)
    assert hollow.beyond(str(tmp_path), 1) == [huge]
    assert hollow.left_out([str(tmp_path), "/none"], 1) == [huge]
    said = str(hollow.refusal([huge], 1))
    assert f"8192 GiB in '{tmp_path}/huge\\x1b[8m'" in said
    assert "\x1b" not in said
    assert small not in said


def test_SEC_03_too_many_of_them_take_their_folder_along(tmp_path: Path) -> None:
    for number in range(hollow.MOST + 20):
        sparse(tmp_path / str(number), 2**30)
    assert hollow.beyond(str(tmp_path), 1) == [str(tmp_path)]
    assert len(hollow.beyond(str(tmp_path), 21)) == hollow.MOST - 1
    assert f"all of '{tmp_path}'" in str(hollow.refusal([str(tmp_path)], 1))
