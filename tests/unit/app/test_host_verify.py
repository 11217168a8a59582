"""What was changed since it was built is named and counts as not built."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from roles.app.host import built, dependencies, prune, seal, untouched, verify
from roles.app.host.built import Built
from roles.app.host.layout import Layout
from roles.core.host import disk


def build(tmp_path: Path) -> tuple[Layout, Built, Path]:
    layout = Layout("shop", str(tmp_path))
    folder = layout.releases / "v1"
    (folder / "lib").mkdir(parents=True)
    (folder / "lib" / "a.py").write_text("good")
    # the files' own times are of now
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() - 60))
    made = Built("v1", "c", built.identity_of({}), when, seal.digest(folder))
    layout.facts("v1").mkdir(parents=True)
    built.write(layout, "v1", [made])
    return layout, made, folder


def test_SEC_02_a_changed_build_is_named_and_not_used(tmp_path: Path) -> None:
    layout, made, folder = build(tmp_path)
    assert verify.look(layout, "v1", made) == ""
    assert built.find(layout, "v1", "c", made.identity) == made

    (folder / "lib" / "a.py").write_text("evil")
    for number in range(4):
        (folder / f"z{number}").write_text("")
    assert verify.look(layout, "v1", made) == "lib/a.py, z0, z1 and 3 more changed since"
    assert built.find(layout, "v1", "c", made.identity) is None
    assert "not as it was built: lib/a.py" in built.again(layout, "v1", "c", {})
    assert prune._wanted(layout, "v1", [made]) == []

    built.write(layout, "v1", [made])
    for number in range(4):
        (folder / f"z{number}").unlink()
    (folder / "lib" / "a.py").write_text("good")
    assert verify.everything(layout) == ([], "1 builds and 0 kept sets of dependencies")
    assert built.find(layout, "v1", "c", made.identity) == made


def test_SEC_02_a_changed_copy_of_dependencies_is_used_no_more(tmp_path: Path) -> None:
    layout = Layout("shop", str(tmp_path))
    copy = layout.installed / "key"
    copy.mkdir(parents=True)
    disk.write_json(copy.with_suffix(".json"), {"tree": seal.digest(copy)})
    assert dependencies.copies(layout) == [copy]
    assert dependencies.sound(copy)
    (copy / "planted.pth").write_text("import evil")
    assert not dependencies.sound(copy)
    assert dependencies.copies(layout) == []


def _reads(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The folders that are read whole from now on."""
    read: list[Path] = []

    def digest(folder: Path) -> str:
        read.append(folder)
        return whole(folder)

    whole = seal.digest
    monkeypatch.setattr(seal, "digest", digest)
    return read


def test_REL_03_what_nothing_touched_since_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout, made, folder = build(tmp_path)
    read = _reads(monkeypatch)
    assert verify.look(layout, "v1", made) == ""
    assert read == [folder]
    assert verify.look(layout, "v1", made) == ""
    assert read == [folder]
    assert verify.everything(layout)[0] == []
    assert len(read) == 2, "the weekly look reads everything"


def _same_size(folder: Path) -> None:
    file = folder / "lib" / "a.py"
    about = file.stat()
    file.write_text("evil")  # as long as it was
    os.utime(file, ns=(about.st_atime_ns, about.st_mtime_ns))


def _replaced(folder: Path) -> None:
    (folder / "lib" / "b").write_text("evil")
    (folder / "lib" / "b").rename(folder / "lib" / "a.py")


def _other_mode(folder: Path) -> None:
    (folder / "lib" / "a.py").chmod(0o666)


def _gone(folder: Path) -> None:
    (folder / "lib" / "a.py").unlink()


def _more(folder: Path) -> None:
    (folder / "lib" / "sitecustomize.py").symlink_to("/tmp/evil.py")


@pytest.mark.parametrize("damage", [_same_size, _replaced, _other_mode, _gone, _more])
def test_SEC_02_what_was_touched_is_read_and_named(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    layout, made, folder = build(tmp_path)
    assert verify.look(layout, "v1", made) == ""
    damage(folder)
    assert "changed since" in verify.look(layout, "v1", made)
    assert built.find(layout, "v1", "c", made.identity) is None


def test_SEC_02_what_was_read_before_a_boot_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout, made, _ = build(tmp_path)
    assert verify.look(layout, "v1", made) == ""
    read = _reads(monkeypatch)
    boot = tmp_path / "boot_id"
    boot.write_text("another\n")
    monkeypatch.setattr(untouched, "BOOT", boot)
    assert verify.look(layout, "v1", made) == ""
    assert len(read) == 1


def test_SEC_02_what_is_changed_while_it_is_read_is_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    layout, made, _ = build(tmp_path)
    whole = seal.digest

    def digest(folder: Path) -> str:
        found = whole(folder)
        _same_size(folder)
        return found

    with monkeypatch.context() as during:
        during.setattr(seal, "digest", digest)
        assert verify.look(layout, "v1", made) == ""
    assert "lib/a.py" in verify.look(layout, "v1", made)
