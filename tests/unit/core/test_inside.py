"""No link is followed in a folder of others."""

import os
from pathlib import Path

import pytest

from roles.core.host.inside import read


def test_SEC_03_no_link_is_followed_on_the_way_to_a_file(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own/file").write_text("a")
    (tmp_path / "link").symlink_to("own/file")
    (tmp_path / "way").symlink_to("own")
    os.mkfifo(tmp_path / "pipe")
    assert read(tmp_path, tmp_path / "own/file") == b"a"
    for name in ("link", "way/file", "pipe", "own", "nothing"):
        with pytest.raises(OSError, match=r"."):
            read(tmp_path, tmp_path / name)
