"""What a host is asked of a role's files, by a real shell."""

from __future__ import annotations

import hashlib
import subprocess
from pathlib import Path

import pytest

from roles.core import state


@pytest.fixture
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(state, "STATE", str(tmp_path / "state"))
    (tmp_path / "state" / "manifest").mkdir(parents=True)
    return tmp_path


def _asked(role: str, *paths: Path) -> tuple[list[str], state.FileState]:
    command = ["sh", "-c", state.question(role, map(str, paths))]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    assert not said.stderr
    lines = said.stdout.splitlines()
    return lines, state.parse(lines)


def _manifest(there: Path, *paths: Path, end: str = "\n") -> None:
    text = "\n".join(map(str, paths)) + end
    (there / "state" / "manifest" / "nginx").write_text(text)


def test_HOST_01_each_kind_of_path_is_told(there: Path) -> None:
    file, folder, link, gone = (there / name for name in ("f ile", "folder", "link", "gone"))
    file.write_text("text\n")
    file.chmod(0o640)
    folder.mkdir(mode=0o711)
    link.symlink_to("f ile")
    lines, found = _asked("nginx", file, folder, link, gone)
    digest = hashlib.sha256(b"text\n").hexdigest()
    assert set(found.paths) == {str(file), str(folder), str(link)}
    kind, mode, owner, group, path, has = found.paths[str(file)].signature.split("|")
    assert (kind, mode, path, has) == ("f", "640", str(file), digest)
    assert (owner, group) == (file.owner(), file.group())
    assert found.paths[str(folder)].signature.startswith("d|711|")
    assert found.paths[str(link)].signature == f"l||||{link}|f ile"
    assert len(lines) == 4  # three paths and one sum: nothing of what a link leads to


def test_HOST_01_what_the_role_wrote_once_is_told_too(there: Path) -> None:
    kept, former = there / "kept", there / "kept.former"
    kept.write_text("1")
    former.write_text("2")
    for end in ("\n", ""):  # a manifest that was cut off, too
        _manifest(there, kept, former, end=end)
        lines, found = _asked("nginx", kept)
        assert found.manifest == [str(kept), str(former)]
        assert set(found.paths) == {str(kept), str(former)}
        assert sum(line.startswith("path ") for line in lines) == 2, "one is asked for twice"


def test_HOST_01_a_role_without_files_has_what_it_wrote_once(there: Path) -> None:
    assert _asked("nginx") == ([], state.FileState())
    former = there / "former"
    former.write_text("2")
    _manifest(there, former)
    assert set(_asked("nginx")[1].paths) == {str(former)}


def test_HOST_01_commands_that_are_pending_are_told(there: Path) -> None:
    assert not _asked("nginx", there)[1].pending
    (there / "state" / "owed").mkdir()
    (there / "state" / "owed" / "nginx").touch()
    assert _asked("nginx", there)[1].pending


def test_HOST_01_many_files_are_no_mixed_lines(there: Path) -> None:
    """find's own lines wait in its buffer while sha256sum prints."""
    files = [there / f"{'x' * 80}{number}" for number in range(300)]
    for file in files:
        file.write_text(file.name)
    lines, found = _asked("nginx", *files)
    assert len(lines) == 2 * len(files)
    for file in files:
        assert found.paths[str(file)].signature.endswith(
            hashlib.sha256(file.name.encode()).hexdigest()
        )
