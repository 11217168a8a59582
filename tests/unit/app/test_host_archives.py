"""Archives of commits on the host: none outlives the run that sent it."""

from __future__ import annotations

import base64
import io
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from roles.app.host import archives, deploy
from roles.app.host.errors import Locked
from roles.app.host.layout import Layout


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    made = Layout("shop", str(tmp_path))
    made.archives.mkdir(parents=True)
    return made


def waiting(layout: Layout, commit: str, age: float = 0) -> Path:
    file = archives.path(layout, commit)
    file.write_text("files")
    os.utime(file, (time.time() - age, time.time() - age))
    return file


def test_what_comes_is_there_as_a_whole(layout: Layout) -> None:
    archives.receive(layout, "abc", io.BytesIO(base64.encodebytes(b"files")))
    assert [path.name for path in layout.archives.iterdir()] == ["abc.tar.gz"]
    assert archives.path(layout, "abc").read_bytes() == b"files"


def test_none_is_left_of_a_run(layout: Layout) -> None:
    own, other = waiting(layout, "own", 5), waiting(layout, "other", 5)
    dead = waiting(layout, "dead", archives.FORGOTTEN + 5)
    cut = layout.archives / ".cut.tar.gz.77"
    dead.rename(cut)
    archives.sweep(layout, "own", time.time() - 1)
    assert (own.exists(), cut.exists(), other.exists()) == (False, False, True)
    # Of the same commit, from a run that waits for this one.
    later = waiting(layout, "own")
    archives.sweep(layout, "own", time.time() - 60)
    assert later.exists()


@pytest.mark.parametrize("held", [True, False])
def test_a_release_that_fails_leaves_none(
    layout: Layout, monkeypatch: pytest.MonkeyPatch, held: bool
) -> None:
    @contextmanager
    def lock(*_: object) -> Iterator[bool]:
        if not held:
            raise Locked("bob is busy")
        yield False

    monkeypatch.setattr(deploy.lock, "held", lock)
    own = waiting(layout, "own", 1)
    # There is no definition: it fails before it begins.
    with pytest.raises((FileNotFoundError, Locked)):
        deploy.release(layout, "v1", "own", "identity", "ann")
    assert own.exists() != held
