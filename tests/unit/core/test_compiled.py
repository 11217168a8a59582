"""Compiled templates that are kept: quick, and never in the place of what is in the source."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import jinja2
import pytest

from roles.core import compiled
from roles.core.compiled import Compiled

Says = Callable[..., tuple[str, bool]]


@pytest.fixture
def says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Says:
    """What a template renders to in a new process, and whether it had to be compiled."""
    monkeypatch.setattr(sys, "flags", SimpleNamespace(dont_write_bytecode=False))
    (tmp_path / "templates").mkdir()
    compile_ = jinja2.Environment.compile
    asked: list[str] = []

    def noted(self: jinja2.Environment, source: str, *arguments: object) -> object:
        asked.append(source)
        return compile_(self, source, *arguments)  # type: ignore[call-overload]

    monkeypatch.setattr(jinja2.Environment, "compile", noted)

    def says(text: str, maker: str = "", **options: bool) -> tuple[str, bool]:
        (tmp_path / "templates" / "x.j2").write_text(text)
        asked.clear()
        environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(tmp_path / "templates"),
            bytecode_cache=Compiled(tmp_path / "kept", maker),
            **options,  # type: ignore[arg-type]
        )
        return environment.get_template("x.j2").render(n=1), bool(asked)

    return says


def test_a_template_is_compiled_once(says: Says) -> None:
    assert says("a {{ n }}") == ("a 1", True)
    assert says("a {{ n }}") == ("a 1", False)


def test_what_was_changed_is_compiled_anew(says: Says, monkeypatch: pytest.MonkeyPatch) -> None:
    """The source, what makes it into text, and Jinja2 itself."""
    says("a{% if n %}\nb{% endif %}")
    assert says("c{% if n %}\nb{% endif %}", "old") == ("c\nb", True)
    assert says("c{% if n %}\nb{% endif %}", "new", trim_blocks=True) == ("cb", True)
    monkeypatch.setattr(compiled.jinja2, "__version__", "99.9")
    assert says("c{% if n %}\nb{% endif %}", "new", trim_blocks=True) == ("cb", True)


@pytest.mark.parametrize("keep", [0, 3, 20, 40, 90])
def test_what_is_damaged_is_compiled_anew(says: Says, tmp_path: Path, keep: int) -> None:
    says("a {{ n }}")
    (kept,) = (tmp_path / "kept").iterdir()
    kept.write_bytes(kept.read_bytes()[:keep] + b"\0damaged")
    assert says("a {{ n }}") == ("a 1", True)
    assert says("a {{ n }}") == ("a 1", False)


def test_a_folder_that_cannot_be_written_is_no_error(says: Says, tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("in the way")
    assert says("a {{ n }}") == ("a 1", True)
    assert says("a {{ n }}") == ("a 1", True)


def test_nothing_is_kept_where_python_keeps_nothing(
    says: Says, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "flags", SimpleNamespace(dont_write_bytecode=True))
    assert says("a {{ n }}") == ("a 1", True)
    assert not (tmp_path / "kept").exists()
