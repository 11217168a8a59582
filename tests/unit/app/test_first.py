"""The first release of a host is built while the host gets what else it has."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from roles.app.deploy import BuiltAhead, Live
from roles.app.first import is_first
from roles.app.host import ahead, built, command, record
from roles.app.host import build as host_build
from roles.app.host.definition import Definition
from roles.app.host.errors import ReleaseError
from roles.app.host.layout import Layout
from roles.app.releases import Release
from roles.core.host.errors import HostError
from roles.core.step import Step
from tests.unit.environments import STANDARD, plan_of

from .conftest import settings

TAG, COMMIT = "v1.0.0", "c" * 40
LIVE = Live(f"App | {TAG} is live", "shop", Release(TAG, COMMIT, "python"), "i", "{}", "me", bytes)
AHEAD = BuiltAhead(f"App | {TAG} is built", LIVE)


def steps(*told: str) -> list[Step]:
    machine = replace(STANDARD.machine, told=(*STANDARD.machine.told, *told))
    return plan_of(replace(STANDARD, machine=machine)).steps


def test_a_build_begins_before_the_database_and_ends_after_the_web_server() -> None:
    names = [step.name for step in steps("release-none")]
    order = [
        next(i for i, name in enumerate(names) if wanted in name)
        for wanted in (
            "Redis",
            "definition of the release",
            " is built",
            "PostgreSQL",
            "Nginx",
            " is live",
        )
    ]
    assert order == sorted(order)


def test_a_host_that_has_a_release_gets_the_same_steps_but_for_that() -> None:
    first, later = steps("release-none"), steps()
    extra = [step for step in first if isinstance(step, BuiltAhead)]
    assert len(extra) == 1
    names = {step.name: step.wants() for step in first if step not in extra}
    assert names == {step.name: step.wants() for step in later}


@pytest.mark.parametrize(
    ("state", "begins"),
    [
        ({}, True),
        ({"due": "activate", "built": False}, True),
        ({"due": "activate", "built": True}, False),
        ({"due": "", "built": True}, False),
    ],
)
def test_it_is_built_where_it_is_not(state: dict, begins: bool) -> None:
    lines = [json.dumps(state)] if state else []
    due = AHEAD.due(lines)
    assert bool(due.do) is begins
    if begins:
        program, command, *options = shlex.split(due.do[0].command)
        assert (program, command) == ("/usr/local/sbin/shop-release", "build")
        assert "--archive" in options
        assert due.do[0].stdin is not None


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    """An application's, with a definition that was just written."""
    found = Layout("shop", str(tmp_path))
    for folder in (found.next, found.lock.parent, found.releases, found.logs, found.archives):
        folder.mkdir(parents=True)
    wanted = {"tag": TAG, "commit": COMMIT, "identity": "i", "processes": {"web": 1}, "health": {}}
    (found.next / "release.json").write_text(json.dumps(wanted))
    return found


@pytest.fixture
def builds(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was built: a build that takes no time."""
    tags: list[str] = []

    def build(layout: Layout, definition: Definition, say: Callable[[str], None]) -> None:
        say("on the way")
        say("=> for the end")
        folder, made = layout.release(definition.tag), built.of(definition)
        folder.mkdir()
        layout.facts(definition.tag).mkdir(parents=True)
        found = built.Built(folder.name, definition.commit, made, "now", "")
        built.write(layout, definition.tag, [found])
        tags.append(definition.tag)

    monkeypatch.setattr(host_build, "build", build)
    return tags


def test_what_is_built_is_not_built_again(layout: Layout, builds: list[str]) -> None:
    for _ in range(2):
        ahead.build(layout, (TAG, COMMIT, "i"), "me", print)
    assert builds == [TAG]


def test_what_somebody_else_has_defined_meanwhile_is_not_built(
    layout: Layout, builds: list[str]
) -> None:
    with pytest.raises(ReleaseError, match="another run has changed the definition"):
        ahead.build(layout, (TAG, COMMIT, "another"), "me", print)
    assert builds == []


def test_a_build_that_fails_ahead_is_no_failed_release(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ReleaseError("no room")

    monkeypatch.setattr(host_build, "build", fail)
    with pytest.raises(ReleaseError, match="no room"):
        ahead.build(layout, (TAG, COMMIT, "i"), "me", print)
    assert record.read(layout.record) == []


def test_what_a_build_says_for_the_end_of_a_run_is_kept_once(
    layout: Layout, builds: list[str]
) -> None:
    said: list[str] = []
    ahead.build(layout, (TAG, COMMIT, "i"), "me", said.append)
    assert said == ["on the way", "=> for the end"]
    assert ahead.told(layout) == ["=> for the end"]
    assert ahead.told(layout) == []


def test_the_journal_gets_no_line_of_what_a_build_s_programs_said(
    layout: Layout, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ReleaseError("`pip install` failed (exit status 1)\n<0>a word of the package")

    monkeypatch.setattr(host_build, "build", fail)
    with pytest.raises(HostError) as raised:
        command._build_ahead(layout, (TAG, COMMIT, "i"), "me")
    assert str(raised.value) == "`pip install` failed (exit status 1)"


def test_of_several_applications_none_may_have_been_live() -> None:
    apps = [settings(name=name) for name in ("shop", "blog")]
    for app in apps:
        app._share = 50
    some = replace(STANDARD.machine, told=("release-none-shop",))
    none = replace(STANDARD.machine, told=("release-none-shop", "release-none-blog"))
    assert not is_first(some, apps)
    assert is_first(none, apps)
