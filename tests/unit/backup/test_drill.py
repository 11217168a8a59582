"""The drill compares what it restored, and says what is not as it was."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import pytest

from roles.backup.host import counts, drill
from roles.backup.host.errors import BackupError

NOTED = {"app.public.kept": {"rows": 5, "newest": "5", "written": 5}}
LESS = {"app.public.kept": {"rows": 4, "newest": "4", "written": 0}}


@contextmanager
def given(value: Any) -> Iterator[Any]:
    yield value


@pytest.fixture
def restored(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the restored database holds; all around it is well."""
    found = dict(NOTED)
    monkeypatch.setattr(drill.server, "answers", lambda cluster: True)
    monkeypatch.setattr(drill.server, "sql", lambda cluster, statements: "3")
    monkeypatch.setattr(drill, "_note", lambda configuration: ("drill-1", NOTED, NOTED))
    monkeypatch.setattr(drill.freshness, "check", lambda *of: None)
    copy = SimpleNamespace(home="/x")
    monkeypatch.setattr(drill.scratch_cluster, "restored", lambda *of: given(copy))
    monkeypatch.setattr(drill, "_check", lambda *of: None)
    monkeypatch.setattr(drill.counts, "look", lambda *of, **place: found)
    monkeypatch.setattr(drill, "_files", lambda *of: None)
    return found


def run() -> dict[str, float]:
    configuration: Any = SimpleNamespace(cluster=None, count_mb=1, has_database=True)
    repository: Any = SimpleNamespace(name="local")
    return drill.drill(configuration, lambda: given(repository))


def test_what_is_as_it_was_is_good(restored: dict[str, Any]) -> None:
    assert run()["rpo"] == 3


def test_a_row_that_is_missing_fails_it(restored: dict[str, Any]) -> None:
    restored.update(LESS)
    with pytest.raises(BackupError, match=r"app.public.kept has 4 rows, and had 5"):
        run()


def test_a_name_of_others_is_one_plain_line(restored: dict[str, Any]) -> None:
    """A table may be called anything: advice, an order to a terminal, the end of a line."""
    hostile = "app.public.\n=> run this\x1b]0;x\x07\u2028"
    before: counts.Counts = {hostile: NOTED["app.public.kept"]}
    (said,) = counts.compare(before, before, {})
    assert said == r"app.public.\n=> run this\x1b]0;x\x07\u2028 is missing"
    assert str(BackupError("of an engine: \x1b[2J")) == r"of an engine: \x1b[2J"


def test_a_name_that_ends_a_line_for_python_ends_no_count(monkeypatch: pytest.MonkeyPatch) -> None:
    row = {"table": "public.a\u2028b\x85", "rows": 1, "newest": None, "written": 0}
    said = json.dumps(row, ensure_ascii=False)
    monkeypatch.setattr(counts.server, "databases", lambda cluster, **where: ["app"])
    monkeypatch.setattr(counts, "sql", lambda cluster, text, place, **where: said)
    assert list(counts.look(Any, 1)) == ["app.public.a\u2028b\x85"]  # type: ignore[arg-type]
