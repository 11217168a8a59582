"""Lock files that are broken, or lie: words with the file and its place, never a traceback."""

from __future__ import annotations

import copy
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roles.app.locks import python
from roles.app.settings import Build
from roles.core.errors import OperatorError

from .lock_files import (
    COMMIT,
    HASH,
    OTHERS,
    PDM,
    PIPENV,
    PLAIN,
    POETRY,
    PYLOCK,
    locked,
    refusal,
    release,
    uv,
)

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib  # type: ignore[import-not-found,unused-ignore]

FILES = {**OTHERS, "pylock.toml": {"pylock.toml": PYLOCK, "pyproject.toml": PLAIN}}
GONE = object()
VALUES: list[Any] = [GONE, "", "x", "../../x", "a\n--index-url=https://x.test", 0, True, [], {}]
VALUES += [["x"], [1], [[]], {"x": "y"}, {"x": {}}, "https://x.test/a", "9" * 5000]


def toml(value: Any) -> str:
    """A value as TOML writes it inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(k)} = {toml(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value)


def written(lock: str, values: dict[str, Any]) -> str:
    if lock == "Pipfile.lock":
        return json.dumps(values)
    return "\n".join(f"{json.dumps(key)} = {toml(value)}" for key, value in values.items())


def parsed(lock: str, text: str) -> dict[str, Any]:
    return dict(json.loads(text) if lock == "Pipfile.lock" else tomllib.loads(text))


def places(value: Any, above: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The ways to every value in tables and lists."""
    entries = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in entries:
        yield (*above, key)
        if isinstance(inner, (dict, list)):
            yield from places(inner, (*above, key))


def changed(values: dict[str, Any], place: tuple[Any, ...], value: Any) -> dict[str, Any]:
    whole = copy.deepcopy(values)
    table: Any = whole
    for key in place[:-1]:
        table = table[key]
    if value is GONE:
        del table[place[-1]]
    else:
        table[place[-1]] = value
    return whole


def outcome(lock: str, texts: dict[str, str]) -> str:
    """What is said of it; empty for a plan, which then has only lines that were looked at."""
    try:
        made, _ = python.dependencies(Build(ignore=("content-hash",)), release(texts))
    except OperatorError as error:
        said = str(error)
        assert lock in said and said.endswith("Nothing has been changed")
        return said
    for line in [*made["list"], *made["scripts"]]:
        assert "\n" not in line and "--index-url" not in line and "../" not in line
    return ""


@pytest.mark.parametrize("lock", FILES)
def test_REL_06_whatever_a_lock_file_lacks_is_said(lock: str) -> None:
    """Every single change of every value; so that no key is forgotten."""
    values = parsed(lock, FILES[lock][lock])
    for place in places(values):
        for value in VALUES:
            text = written(lock, changed(values, place, value))
            said = outcome(lock, {**FILES[lock], lock: text})
            asked = {key for key in place if isinstance(key, str)}
            if value is GONE and said and "asks for" not in said:
                assert any(key in said for key in asked), (place, said)


@hypothesis.settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_REL_06_several_mistakes_in_a_lock_file_are_said(data: st.DataObject) -> None:
    lock = data.draw(st.sampled_from(sorted(FILES)))
    values = parsed(lock, FILES[lock][lock])
    for _ in range(3):
        if ways := list(places(values)):
            value = data.draw(st.sampled_from(VALUES) | st.text() | st.integers() | st.floats(0, 1))
            values = changed(values, data.draw(st.sampled_from(ways)), value)
    outcome(lock, {**FILES[lock], lock: written(lock, values)})


@hypothesis.settings(max_examples=30, deadline=None)
@given(data=st.data())
def test_REL_06_what_uv_does_not_read_is_said(data: st.DataObject) -> None:
    texts = uv()
    values = parsed("uv.lock", texts["uv.lock"])
    place = data.draw(st.sampled_from(list(places(values))))
    changed_lock = changed(values, place, data.draw(st.sampled_from(VALUES)))
    outcome("uv.lock", {**texts, "uv.lock": written("uv.lock", changed_lock)})


@pytest.mark.parametrize(
    ("lock", "text", "why"),
    [
        ("poetry.lock", POETRY.replace('name = "idna"\n', ""), "package 1 has no name"),
        ("poetry.lock", POETRY.replace('groups = ["jobs"]\n', ""), "package 3 (six) has no groups"),
        ("poetry.lock", 'package = 1\nmetadata.lock-version = "2.1"', "package is no list"),
        ("poetry.lock", POETRY.replace(HASH, "md5:1"), "package 1 (idna): files has no hash"),
        ("pdm.lock", PDM.replace('version = "1.5"\n', "", 1), "package 1 (idna) has no version"),
        ("Pipfile.lock", "{", "Expecting property name"),
        ("Pipfile.lock", "[]", "it is no table"),
        ("Pipfile.lock", "{}", "it has no default"),
        ("Pipfile.lock", '{"default": {"idna": "1"}}', "default: idna is no table"),
        ("Pipfile.lock", '{"default": {"own": {"hg": "h", "ref": "1"}}}', "own has no version"),
        ("Pipfile.lock", '{"default": {"own": {"git": "https://a.test"}}}', "own: nothing is no"),
        (
            "Pipfile.lock",
            '{"default": {"own": {"git": "https://a.test", "ref": "main"}}}',
            "own: main is no commit, and a branch or tag moves",
        ),
        ("Pipfile.lock", "[" * 100_000, "nested too deep"),
        ("poetry.lock", f"x = {'[' * 100_000}", "nested too deep"),
        ("poetry.lock", f"x = {'9' * 5000}", "poetry.lock of v1.0.0: "),
        ("pdm.lock", f"{PDM}\n[metadata]\n", "pdm.lock of v1.0.0: Cannot declare"),
        ("pdm.lock", PDM.replace("sys_platform ==", "(" * 5000), "a marker is nested too deep"),
    ],
)
def test_REL_06_a_broken_lock_file_is_said_in_words(lock: str, text: str, why: str) -> None:
    said = refusal({**OTHERS[lock], lock: text})
    assert said.startswith(f"{lock} of v1.0.0") and why in said


PLACES = [
    ({"path": "../../releases/v1"}, "leads out of the application's folder"),
    ({"path": "/srv/shop/releases/v1"}, "leads out of the application's folder"),
    ({"path": "libs/../../x"}, "leads out of the application's folder"),
    ({"file": "file:///srv/shop/releases/v1/own.whl"}, "is no address of http, https"),
    ({"git": "file:///srv/shop/own.git", "ref": COMMIT}, "is no address of git, http"),
    ({"git": "ext::sh -c x", "ref": COMMIT}, "is no address of git, http"),
    ({"version": "==1\n--index-url=https://x.test"}, "version"),
    ({"version": "==1", "markers": "x == 'y' --global-option=x"}, "marker"),
]


@pytest.mark.parametrize(("about", "why"), PLACES)
def test_REL_06_a_lock_file_leads_nowhere_else(about: dict[str, str], why: str) -> None:
    lock = json.loads(PIPENV)
    lock["default"]["own"] = about
    said = refusal({**OTHERS["Pipfile.lock"], "Pipfile.lock": json.dumps(lock)})
    assert "cannot be obeyed: default: own" in said and why in said


def test_REL_06_what_uv_lists_is_looked_at_too() -> None:
    for folder in ("../lib", "/srv/lib"):
        texts = {name: text.replace("packages/lib", folder) for name, text in uv().items()}
        assert "leads out of the application's folder" in refusal(texts, ignore=["content-hash"])


def test_REL_06_an_address_that_git_alone_understands_is_one_that_pip_does() -> None:
    lock = json.loads(PIPENV)
    lock["default"]["own"] = {"git": "git@git.test:team/own.git", "ref": COMMIT}
    made = locked({**OTHERS["Pipfile.lock"], "Pipfile.lock": json.dumps(lock)})
    assert f"own @ git+ssh://git@git.test/team/own.git@{COMMIT}" in made["scripts"][0]


def test_REL_06_a_uv_that_does_not_end_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: Any, **__: Any) -> None:
        raise subprocess.TimeoutExpired("uv", 60)

    monkeypatch.setattr(subprocess, "run", run)
    assert "uv has not read it within 60 seconds" in refusal(uv())
