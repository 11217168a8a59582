"""Every file of every role, in each environment, as it was when a person last looked at it."""

from __future__ import annotations

from pathlib import Path

import pytest

from roles.core.entries import Directory
from roles.core.templates import ENVIRONMENT as TEMPLATES
from roles.core.templates import ROOT

from .conftest import Golden
from .environments import ENVIRONMENTS, ROLES, STANDARD, Environment
from .environments.shown import STANDARD_FILES, shown

PROJECT = Path(__file__).parents[2]


def test_every_role_with_entries_has_golden_files() -> None:
    roles = {path.parent.name for path in (PROJECT / "roles").glob("*/files.py")}
    assert roles == set(ROLES)


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda environment: environment.name)
def test_files_are_as_a_person_saw_them(
    environment: Environment, role: str, golden: Golden
) -> None:
    usual = {} if environment is STANDARD else STANDARD_FILES
    golden.compare(f"{environment.name}/{role}", shown(ROLES[role](environment), usual))


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
