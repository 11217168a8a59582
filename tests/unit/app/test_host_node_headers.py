"""A build that compiles for Node.js has the headers of the very one that runs it."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from roles.app.host import build, hooks

VARIABLE = "npm_config_nodedir"


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The variables of a step of a build."""
    monkeypatch.setattr(hooks, "programs", lambda *_: "/usr/bin")

    def of(made: dict[str, Any]) -> dict[str, str]:
        definition: Any = SimpleNamespace(build={"env": {}, **made})
        return build._Step(SimpleNamespace(), definition, Path("/r"), Path("/l")).env  # type: ignore[arg-type]

    return of


def test_they_are_those_of_the_pinned_one(environment: Any) -> None:
    assert environment({"node": "24.22.3"})[VARIABLE] == "/opt/node/24.22.3"


def test_without_it_nothing_is_said(environment: Any) -> None:
    assert environment({}) == {"PATH": "/usr/bin"}


def test_a_builds_own_variable_goes_before(environment: Any) -> None:
    said = environment({"node": "24.22.3", "env": {VARIABLE: "/srv/mine"}})
    assert said[VARIABLE] == "/srv/mine"
