"""Who knows whom: the roles know no box, and the driver of boxes knows no test."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PROGRAMS = ("deploy", "drift", "releases", "restore", "rollback", "settings")
NEVER = {
    "roles": {"vagrant", "tests", "benchmarks", "inventories", "readyhost"},
    "readyhost": {"vagrant", "tests", "benchmarks"},
    "vagrant": {"tests", "benchmarks"},
}
"""What imports of a folder's files never lead to, straight."""


def imported(path: Path) -> Iterator[str]:
    """The first part of each module that a file imports by its whole name."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield (node.module or "").split(".")[0]


@pytest.mark.parametrize("folder", NEVER)
def test_nothing_is_imported_from_above(folder: str) -> None:
    files = list((ROOT / folder).rglob("*.py"))
    assert files
    found = {
        str(path.relative_to(ROOT)): wrong
        for path in files
        if (wrong := NEVER[folder] & set(imported(path)))
    }
    assert found == {}


def test_programs_know_no_box() -> None:
    for program in PROGRAMS:
        assert not NEVER["roles"] - {"readyhost"} & set(imported(ROOT / f"{program}.py")), program


def test_core_says_nothing_of_vagrant() -> None:
    files = [path for path in (ROOT / "roles" / "core").rglob("*") if path.suffix in (".py", ".sh")]
    assert [str(path) for path in files if "vagrant" in path.read_text().lower()] == []
