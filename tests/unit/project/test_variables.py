"""Settings that tests, benchmarks and docs give by a variable are there: on a box a wrong one shows
an hour later."""

from __future__ import annotations

import re

import pytest

from roles.core.environment.places import find
from settings import Settings
from vagrant.driver import ROOT

VARIABLE = re.compile(r"\bREADYHOST_((?:[A-Z0-9]+_)*[A-Z0-9]+(?:__[A-Z0-9]+(?:_[A-Z0-9]+)*)+)\b")
FILES = sorted(
    path
    for folder in ("tests", "benchmarks", "vagrant", "docs", "examples", ".github")
    for path in (ROOT / folder).rglob("*")
    if path.suffix in (".py", ".sh", ".md", ".yml", "")
    and path.is_file()
    and "unit" not in path.parts
)


def _names() -> dict[str, str]:
    """By name one of the files; those of a role that a test brings along are left out."""
    found: dict[str, str] = {}
    for path in FILES:
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        where = str(path.relative_to(ROOT))
        found |= {name: where for name in VARIABLE.findall(text) if "GREETING" not in name}
    return found


@pytest.mark.parametrize(("name", "where"), sorted(_names().items()))
def test_a_variable_is_a_setting(name: str, where: str) -> None:
    assert find(Settings, tuple(name.lower().split("__"))), where


def test_there_are_many() -> None:
    assert len(_names()) > 40


TABLE = re.compile(r"\s*\[{1,2}([a-z][\w.]*)\]{1,2}\s*(?:#.*)?$")
KEY = re.compile(r"\s*([a-z_]+) = ")


def _keys() -> list[tuple[str, str]]:
    """Keys in the tables that docs and examples show, and where."""
    found = {}
    pages = [
        *ROOT.glob("*.md"),
        *(ROOT / "docs").glob("*.md"),
        *(ROOT / "examples").rglob("*.toml"),
    ]
    for page in pages:
        table = ""
        for number, line in enumerate(page.read_text().splitlines(), 1):
            if header := TABLE.match(line):
                table = header[1]
            elif line.startswith("```") or re.match(r"[A-Z#|]", line):
                table = ""
            elif (key := KEY.match(line)) and table.split(".")[0] in Settings.model_fields:
                found[f"{table}.{key[1]}"] = f"{page.relative_to(ROOT)}:{number}"
    return sorted(found.items())


@pytest.mark.parametrize(("key", "where"), _keys())
def test_a_table_that_is_shown_is_the_settings(key: str, where: str) -> None:
    *table, last = key.split(".")
    assert find(Settings, (*table, last)) or find(Settings, (*table, 0, last)), where


def test_docs_show_many_tables() -> None:
    assert len(_keys()) > 40
