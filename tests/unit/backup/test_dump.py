"""A dump waits for nobody's lock for long, and one that fails takes none of the others along."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from roles.backup.host import dump, session
from roles.backup.host.errors import BackupError

LOCKED = "pg_dump: error: canceling statement due to lock timeout"


def test_SEC_01_a_table_that_is_locked_keeps_no_other_database_waiting(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    asked: list[list[str]] = []
    saved: list[list[str]] = []

    def run(command: list[str], **_: Any) -> str:
        asked.append(command)
        if command[0] == "pg_dump" and command[-1] == "held":
            raise BackupError(LOCKED)
        return ""

    @contextmanager
    def guarded(_: Any) -> Any:
        yield

    def save(_: Any, __: Any, ___: str, paths: list[str]) -> int:
        saved.append(paths)
        return 7

    monkeypatch.setattr(dump, "run", run)
    monkeypatch.setattr(dump.owned, "rename", lambda path, to: to.touch())
    monkeypatch.setattr(dump.disk_guard, "guarded", guarded)
    monkeypatch.setattr(dump, "is_replica", lambda _: False)
    monkeypatch.setattr(dump.restic, "save", save)
    (tmp_path / "dumps").mkdir()
    configuration: Any = SimpleNamespace(
        directory=str(tmp_path),
        databases=["held", "free"],
        dump_level=3,
        cluster=SimpleNamespace(port=5432),
        repositories=[SimpleNamespace(name="local")],
    )
    with pytest.raises(BackupError, match=f"held: {LOCKED}"):
        dump.backup(configuration)
    assert (tmp_path / "dumps/free.dump").exists()
    assert saved == [[str(tmp_path / "dumps")]]
    dumped = [command for command in asked if command[0] == "pg_dump"]
    assert [command[-1] for command in dumped] == ["held", "free"]
    assert all(f"--lock-wait-timeout={dump.LOCK_SECONDS}s" in command for command in dumped)
    assert f"lock_timeout={dump.LOCK_SECONDS}s" in session.OPTIONS
