"""What each run asks the backup program: answered by itself, and quickly."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import pytest

from roles.backup.host import begin, command, configuration, prepared
from roles.backup.host.configuration import Repository
from roles.backup.host.errors import BackupError


class _Wanted:
    repositories = (Repository("here", 1, "", []),)
    mirror = None
    cluster = None
    has_database = True


@pytest.fixture
def note(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = tmp_path / "repositories.json"
    monkeypatch.setattr(prepared, "PREPARED", place)
    monkeypatch.setattr(prepared, "identity", lambda cluster: "7001")
    monkeypatch.setattr(configuration, "load", _Wanted)
    return place


def _begin(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["backup", *words])
    return begin.main()


@pytest.mark.parametrize(
    ("differs", "status"),
    [({}, 0), ({"state": "foreign"}, 0), ({"system": "7002"}, 1), ({"places": []}, 1)],
)
def test_repositories_are_what_was_made(
    note: Path, monkeypatch: pytest.MonkeyPatch, differs: dict[str, Any], status: int
) -> None:
    assert _begin(monkeypatch, "stanza", "--check") == 1, "nothing was made yet"
    note.write_text(json.dumps({**prepared.wanted(_Wanted(), "ready"), **differs}))  # type: ignore[arg-type]
    assert _begin(monkeypatch, "stanza", "--check") == status
    note.write_text("{")
    assert _begin(monkeypatch, "stanza", "--check") == 1


def test_a_reason_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def load() -> None:
        raise BackupError("it is not there")

    monkeypatch.setattr(configuration, "load", load)
    assert _begin(monkeypatch, "stanza", "--check") == 1
    assert "it is not there" in capsys.readouterr().err


@pytest.mark.parametrize("words", [(), ("stanza",), ("stanza", "--check", "--more"), ("list",)])
def test_all_else_is_the_commands(monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]) -> None:
    monkeypatch.setattr(command, "main", lambda: 7)
    assert _begin(monkeypatch, *words) == 7
