"""Every file of every role, in three environments, as it was when a person last looked at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from roles.core.entries import Absent, Directory, Entry, File, Link
from roles.core.templates import ENVIRONMENT as TEMPLATES
from roles.core.templates import ROOT

from .conftest import Golden
from .environments import ENVIRONMENTS, ROLES, Environment

PROJECT = Path(__file__).parents[2]
INDEX = "ENTRIES"


def test_every_role_with_entries_has_golden_files() -> None:
    roles = {path.parent.name for path in (PROJECT / "roles").glob("*/files.py")}
    assert roles == set(ROLES)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda environment: environment.name)
def test_files_are_as_a_person_saw_them(
    environment: Environment, role: str, golden: Golden
) -> None:
    entries = ROLES[role](environment)
    copies = _sources(role)
    files = {
        entry.path.lstrip("/"): entry.data
        for entry in entries
        if isinstance(entry, File) and entry.data not in copies
    }
    index = "".join(f"{_line(entry, copies)}\n" for entry in entries)
    golden.compare(f"{environment.name}/{role}", {**files, INDEX: index.encode()})


def test_no_template_is_left_unrendered(monkeypatch: pytest.MonkeyPatch) -> None:
    rendered: set[str] = set()
    load = TEMPLATES.get_template

    def record(name: str, *arguments: object, **named: object) -> object:
        rendered.add(name)
        return load(name, *arguments, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(TEMPLATES, "get_template", record)
    for environment in ENVIRONMENTS:
        for entries in ROLES.values():
            entries(environment)
    there = {str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if path.is_file()}
    assert there == rendered


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda environment: environment.name)
def test_no_two_roles_write_one_path(environment: Environment) -> None:
    owner: dict[str, str] = {}
    for role, entries in ROLES.items():
        for entry in entries(environment):
            if not isinstance(entry, Directory):
                assert owner.setdefault(entry.path, role) == role, entry.path


def _sources(role: str) -> dict[bytes, str]:
    """Files that a host gets as they are, by content: they are read where they are."""
    folders = (PROJECT / "roles" / role, PROJECT / "roles/core/host")
    found = [path for folder in folders for path in folder.rglob("*.py")]
    return {path.read_bytes(): str(path.relative_to(PROJECT)) for path in found}


def _line(entry: Entry, copies: dict[bytes, str]) -> str:
    if isinstance(entry, Link):
        return f"link {entry.path} -> {entry.target}"
    if isinstance(entry, Absent):
        return f"absent {entry.path}"
    kind = "directory" if isinstance(entry, Directory) else "file"
    line = f"{kind} {entry.mode:04o} {entry.owner}:{entry.group} {entry.path}"
    if isinstance(entry, File):
        line += " secret" if entry.secret else ""
        line += f" = {copies[entry.data]}" if entry.data in copies else ""
    return line
