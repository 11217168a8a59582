"""Parts that are not there, cannot be built, or do not go together: each is refused in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from roles.app import parts
from roles.app.source import resolve
from roles.core.errors import OperatorError

from .conftest import settings
from .with_parts import FILES, STATIC, commit, committed, made


def test_APP_14_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    files = {name: text for name, text in FILES.items() if "frontend" not in name}
    with pytest.raises(OperatorError, match=r"no folder 'frontend' \(app.builds.frontend"):
        commit(tmp_path, files)


def test_APP_14_a_folder_beside_the_application_s_is_told_from_one_that_is_nowhere(
    tmp_path: Path,
) -> None:
    repository = committed(tmp_path, FILES)
    found = resolve(str(repository.path), "v1.0.0", "backend")
    beside = {"builds": {"front": {"directory": "frontend", "output": "dist"}}}
    with pytest.raises(OperatorError) as refused:
        parts.released(found, settings(directory="backend", **beside))
    said = str(refused.value)
    assert "no folder 'backend/frontend'" in said
    assert "leave app.directory out" in said
    assert 'app.builds.backend.directory = "backend"' in said
    nowhere = {"builds": {"front": {"directory": "none", "output": "dist"}}}
    with pytest.raises(OperatorError, match=r"below app.directory 'backend'\)\. Nothing has been"):
        parts.released(found, settings(directory="backend", **nowhere))


def test_APP_14_a_lock_file_above_a_part_is_refused_in_the_keys_of_the_part(tmp_path: Path) -> None:
    files = {name: text for name, text in FILES.items() if not name.endswith("lock.json")}
    release = commit(tmp_path, {**files, "bun.lock": "{}"})
    with pytest.raises(OperatorError) as refused:
        made(release)
    said = str(refused.value)
    assert "app.builds.frontend.directory" in said
    assert 'app.builds.frontend.ignore = ["bun.lock"]' in said
    assert "app.directory" not in said and "app.build." not in said


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"mounts": [{"build": "none"}]}, "'none' is none of app.builds"),
        ({"mounts": [{"url": "/a/"}, {"url": "/a/"}]}, "/a/ is served twice"),
        ({"static": "static", "mounts": [{"url": "/static/"}]}, "/static/ is served twice"),
        ({"mounts": [{"url": "/uploads/"}]}, "visitors have uploaded"),
        ({"mounts": [{"url": "/a"}]}, "match"),
        ({"mounts": [{"folder": "../.."}]}, "match"),
        ({"builds": {"a": {"output": "dist"}}}, "needs a directory.*leave output out"),
        ({"builds": {"a": {"directory": "a", "output": "../b"}}}, "match"),
        (
            {"builds": {"a": {"directory": "a", "output": "dist"}, "b": {"directory": "a/b"}}},
            "builds.b lies in the folder of builds.a",
        ),
        ({"kind": "static"}, "needs app.mounts"),
        ({**STATIC, "workers": {"mail": {}}}, "runs nothing"),
    ],
)
def test_APP_14_what_does_not_go_together_is_refused(values: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError, match=reason):
        settings(**values)
