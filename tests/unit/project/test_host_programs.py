"""Programs on a host need its own Python, and what they share."""

from __future__ import annotations

import ast
from pathlib import Path
from sys import stdlib_module_names

import pytest

ROOT = Path(__file__).parents[3]
SOURCES = sorted(ROOT.glob("roles/*/host/**/*.py"))
SHARED = "roles.core.host"


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT / "roles")))
def test_it_runs_on_python_3_10_alone(path: Path) -> None:
    tree = ast.parse(path.read_text(), feature_version=(3, 10))
    imported = {
        node.module or ""
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and not node.level
    }
    imported |= {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    others = {name for name in imported if not f"{name}.".startswith(f"{SHARED}.")}
    assert {name.split(".")[0] for name in others} <= set(stdlib_module_names)
