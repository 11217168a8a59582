"""What a repository says and would not get is said at once, and not one after the other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from roles import app
from roles.app.builds import build
from roles.core.errors import OperatorError
from roles.core.machine import Machine
from roles.core.together import Several, Together
from roles.rules import check_host
from tests.unit.environments.model import settings

MACHINE = Machine.example("noble")
NODE = replace(
    app.Release.example(),
    kind="node",
    package='{"engines": {"node": ">=99", "npm": "9"}, "packageManager": "pnpm@9.1.0"}',
    files=frozenset({"package.json", ".nvmrc", "package-lock.json", "yarn.lock"}),
    texts={".nvmrc": "v18\n"},
    procfile="",
)


def test_APP_01_engines_and_lock_files_are_said_together() -> None:
    with pytest.raises(OperatorError) as raised:
        build(settings(app={"kind": "node"}).app, "node", NODE, MACHINE)
    assert isinstance(raised.value, Several)
    first, second = raised.value.problems
    assert "asks for Node.js v18 (.nvmrc), >=99 (engines), and app.node.version is" in first
    assert 'app.build.ignore = [".nvmrc", "engines"]' in first
    assert "package.json names pnpm" in second
    said = str(raised.value)
    assert said.count("othing has been changed") == 1
    assert said.startswith("2 things are to be put right; nothing has been changed:\n    ")


def test_APP_01_a_procfile_and_what_is_built_are_said_together() -> None:
    wanted = settings(app={"kind": "node", "workers": {"mails": {}, "pictures": {}}})
    with pytest.raises(OperatorError) as raised:
        check_host(wanted, MACHINE, NODE)
    said = str(raised.value)
    for words in (
        "no command for the process 'web'", "no command for the process 'mails'",
        "no command for the process 'pictures'", "(.nvmrc), >=99 (engines)", "names pnpm",
    ):  # fmt: skip
        assert words in said, said
    assert said.startswith("5 things do not fit this host; nothing has been changed:")
    assert said.count("othing has been changed") == 1


def test_APP_01_each_part_is_looked_at() -> None:
    parts = {"pages": {"directory": "pages"}, "admin": {"directory": "admin"}}
    wanted = settings(app={"kind": "node", "builds": parts, "mounts": [{"build": "pages"}]}).app
    release = replace(NODE, parts={"pages": NODE, "admin": NODE})
    with pytest.raises(Several) as raised:
        build(wanted, "node", release, MACHINE)
    found = raised.value.problems
    assert [each.partition(":")[0] for each in found if "Node.js" in each] == [
        "app.builds.pages", "app.builds.admin"
    ]  # fmt: skip
    assert "app.builds.admin.ignore" in found[-2]


def test_one_problem_is_said_as_ever() -> None:
    every = Together()
    every.require()
    every.add(OperatorError("one is wrong. Nothing has been changed"))
    with pytest.raises(OperatorError, match=r"^one is wrong\. Nothing has been changed$") as raised:
        every.require()
    assert not isinstance(raised.value, Several)
