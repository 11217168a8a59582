"""What others have put below a folder, however deep."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from roles.core.host.walk import walk

DEEP = 1500  # folders in one another: os.walk ends at a thousand, before Python 3.12


def test_no_depth_ends_it(tmp_path: Path) -> None:
    inside = "/".join("d" * DEEP)
    subprocess.run(["mkdir", "-p", inside], cwd=tmp_path, check=True)
    try:
        assert sum(1 for _ in walk(tmp_path)) == DEEP + 1
    finally:  # Python's own rmtree calls itself as well
        subprocess.run(["rm", "-r", "d"], cwd=tmp_path, check=True)


def test_it_sees_what_os_walk_sees(tmp_path: Path) -> None:
    for path in ("a/b/file", "a/other", "c/file"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("")
    (tmp_path / "a" / "away").symlink_to("/etc")
    (tmp_path / "gone").symlink_to("nowhere")

    def seen(found: object) -> list[tuple[str, list[str], list[str]]]:
        return sorted((p, sorted(d), sorted(f)) for p, d, f in found)  # type: ignore[attr-defined]

    assert seen(walk(tmp_path)) == seen(os.walk(tmp_path))
    pruned = []
    for place, folders, _ in walk(tmp_path):
        pruned.append(place)
        folders[:] = [name for name in folders if name != "a"]
    assert sorted(pruned) == [str(tmp_path), str(tmp_path / "c")]
