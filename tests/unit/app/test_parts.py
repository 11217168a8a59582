"""A release of several parts, and one that is only files: how each is built, what runs."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from roles.app import files as written
from roles.app import mounts, names
from roles.app.host import built
from roles.app.placed import Placed
from roles.app.process_layout import lay_out
from roles.app.releases import Release
from roles.core.entries import File
from roles.core.errors import OperatorError

from .conftest import settings
from .with_parts import FILES, FULLSTACK, MACHINE, STATIC, commit, made


@pytest.fixture
def release(tmp_path: Path) -> Release:
    return commit(tmp_path, FILES)


def test_APP_14_each_part_is_built_as_its_files_say(release: Release) -> None:
    found = made(release)
    assert found["dependencies"] is None, "the root of a repository with a back end is not built"
    backend, frontend = found["parts"]
    assert backend["build"]["dependencies"]["product"] == ".venv"
    assert frontend["build"]["dependencies"]["product"] == "node_modules"
    assert frontend["build"]["steps"] == ["npm run build --if-present"], "nothing is pruned"
    assert (frontend["directory"], frontend["output"]) == ("frontend", "dist")
    assert found["packed"] == ["frontend/dist"]


def test_APP_14_a_part_without_hashes_is_said(release: Release) -> None:
    assert made(release)["unlocked"] == "backend: its requirements.txt has no hashes"


def test_APP_14_the_back_end_says_what_runs(release: Release) -> None:
    own = settings(**FULLSTACK)
    found = lay_out(own, MACHINE, release)
    assert (found.kind, found.web.instances) == ("python", 5)
    units = [
        entry.data.decode()
        for entry in written.units.units(own, MACHINE, found)
        if entry.path.endswith("app-web-blue@.service")
    ]
    assert "/srv/app/blue/backend/.venv/bin" in units[0]
    assert "frontend" not in units[0]


def test_APP_14_a_front_end_beside_a_back_end_at_the_root(tmp_path: Path) -> None:
    files = {**FILES, "requirements.txt": "uvicorn==1.0\n"}
    only = {"builds": {"frontend": FULLSTACK["builds"]["frontend"]}}
    found = made(commit(tmp_path, files, **only), **only)
    assert found["dependencies"]["product"] == ".venv"
    assert [part["name"] for part in found["parts"]] == ["frontend"]


WORKSPACE: dict[str, Any] = {
    "kind": "python",
    "builds": {"backend": {"kind": "python"}, "frontend": {"kind": "node"}},
    "mounts": [{"folder": "frontend/dist"}],
}


def test_APP_14_two_workspaces_at_the_root_are_two_parts_there(tmp_path: Path) -> None:
    """What docs/frontends.md says of lock files that both lie at the root."""
    files = {Path(name).name: text for name, text in FILES.items()}
    release = commit(tmp_path, files, **WORKSPACE)
    found = made(release, **WORKSPACE)
    assert found["dependencies"] is None
    products = [part["build"]["dependencies"]["product"] for part in found["parts"]]
    assert products == [".venv", "node_modules"]
    assert {(part["directory"], part["output"]) for part in found["parts"]} == {("", "")}
    assert found["packed"] == ["frontend/dist"]
    own = settings(**{**FULLSTACK, **WORKSPACE})
    units = written.units.units(own, MACHINE, lay_out(own, MACHINE, release))
    (web,) = (e.data.decode() for e in units if e.path.endswith("app-web-blue@.service"))
    assert "/srv/app/blue/.venv/bin" in web


def test_APP_14_what_cannot_be_built_is_named_with_its_part(release: Release) -> None:
    strict = {**FULLSTACK["builds"], "backend": {"directory": "backend", "require_hashes": True}}
    with pytest.raises(OperatorError, match=r"app.builds.backend: .*without hashes"):
        made(release, builds=strict)


def test_APP_14_a_changed_part_is_built_again(release: Release) -> None:
    again = {**FULLSTACK["builds"]["frontend"], "env": {"API": "x"}}
    words = {**FULLSTACK["builds"]["frontend"], "timeout_seconds": 60}
    before, changed, same = (
        built.inputs(made(release, builds={**FULLSTACK["builds"], "frontend": each}), {})
        for each in (FULLSTACK["builds"]["frontend"], again, words)
    )
    assert built.changed(before, changed) == ["app.builds.frontend"]
    assert built.changed(before, same) == []


def test_APP_14_nothing_runs_of_what_is_only_files() -> None:
    own, release = settings(**STATIC), replace(Release.example(), procfile="")
    found = lay_out(own, MACHINE, release)
    assert (found.kind, found.processes, found.web.instances) == ("static", 0, 0)
    units = [Path(e.path).name for e in written.units.units(own, MACHINE, found)]
    assert not [name for name in units if "web" in name]
    entries = written.entries(
        Placed(own, MACHINE, release),
        environment="production",
        values=dict.fromkeys(names.KEYS, "x"),
    )
    (text,) = (e.data for e in entries if isinstance(e, File) and e.path.endswith("release.json"))
    wanted = json.loads(text)
    assert wanted["processes"] == {"web": 0}
    assert wanted["mounts"] == mounts.defined(own)
    assert wanted["mounts"][0]["folder"] == "public"
    assert wanted["build"]["packed"] == ["public"]
