"""Which folders are closed to links."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from roles.backup.host import beneath


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Folders of root's with the uploads in them, which somebody else may write to."""
    inner = tmp_path / "srv" / "shop" / "uploads" / "inner"
    inner.mkdir(parents=True)
    theirs = inner.parent.stat().st_ino

    def roots_alone(found: os.stat_result) -> bool:
        return found.st_ino != theirs

    monkeypatch.setattr(beneath, "roots_alone", roots_alone)
    return tmp_path


def found(path: Path) -> list[Path]:
    return sorted(beneath.foreign(path))


def test_it_is_the_topmost_folder_that_others_may_write_to(tree: Path) -> None:
    uploads = tree / "srv" / "shop" / "uploads"
    assert found(uploads) == [uploads]
    assert found(uploads / "inner") == [uploads], "what is above counts"
    assert found(tree / "srv") == [uploads], "what is in it counts"
    assert found(tree / "srv" / "none") == []


def test_a_link_of_roots_own_is_followed_and_one_of_others_is_not(tree: Path) -> None:
    uploads = tree / "srv" / "shop" / "uploads"
    (tree / "other").symlink_to("srv/shop")
    assert found(tree / "other" / "uploads") == [uploads]
    (uploads / "planted").symlink_to(tree)
    assert found(uploads / "planted" / "srv") == [uploads]
    (tree / "circle").symlink_to("circle")
    assert found(tree / "circle") == []


def test_a_folder_of_roots_that_a_group_may_write_to_is_not_roots_alone(tmp_path: Path) -> None:
    tmp_path.chmod(0o775)
    assert not beneath.roots_alone(tmp_path.stat())
