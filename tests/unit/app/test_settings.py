"""What the application's settings accept, and how they refuse."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from roles.app.settings import App, Node

from .conftest import SECRET, settings


def test_a_repository_and_a_secret_are_enough() -> None:
    app = settings()
    assert (app.name, app.health.path, app.cache_ttl_seconds, app.keep_releases) == (
        "app",
        "/health",
        300,
        5,
    )


@pytest.mark.parametrize(
    ("values", "reason"),
    [
        ({"secret_key": "changeme-changeme-changeme"}, "placeholder"),
        ({"secret_key": "short"}, "at least 16"),
        ({"secret_key": None}, "valid string"),
        ({"name": "Shop"}, "match"),
        ({"name": "root/../etc"}, "match"),
        ({"tag": "v1/../../etc"}, "match"),
        ({"tag": "-x"}, "match"),
        ({"directory": "../other"}, "match"),
        ({"static": "/etc"}, "match"),
        ({"static": "a/../../.."}, "match"),
        ({"kind": "php"}, "'python', 'node', 'command' or 'static'"),
        ({"database_pool": 51}, "less than or equal to 50"),
        ({"database_pool": 9}, "greater than or equal to 10"),
        ({"env": {"DATABASE_URL": "x"}}, "DATABASE_URL is set from the other settings"),
        ({"env": {"A-B": "x"}}, "not the name of an environment variable"),
        ({"secrets": {"secret_key": "x"}}, "SECRET_KEY is set from the other settings"),
        ({"env": {"TOKEN": "x"}, "secrets": {"token": "y"}}, "in env and in secrets"),
        ({"names": {"A": "{database.pasword}"}}, "there is no {database.pasword}; there are"),
        ({"names": {"A": "{}"}}, "there is no {}; there are"),
        ({"names": {"A": "{domain!r}"}}, "has a !"),
        ({"names": {"A": "{domain"}}, "a brace of its own is written twice"),
        ({"names": {"A": "{domain:https}"}}, "a value that is no URL can only be {domain:url}"),
        ({"names": {"PORT": "{database.port}"}}, "PORT: each process has its own"),
        ({"names": {"A": "x"}, "secrets": {"A": "y"}}, "A: in names, and in env or secrets"),
        ({"web": {"env": {"path": "x"}}}, "PATH is set from the other settings"),
        ({"workers": {"web": {}}}, "'web' is used twice"),
        ({"workers": {"a": {}}, "jobs": {"a": {"schedule": "daily"}}}, "'a' is used twice"),
        ({"workers": {"../x": {}}}, "match"),
        ({"web": {"command": "a\nb"}}, "one line"),
        ({"web": {"instances": 0}}, "greater than or equal to 1"),
        ({"web": {"memory": 5}}, "Extra inputs"),
        ({"jobs": {"a": {}}}, "Field required"),
        ({"jobs": {"a": {"schedule": "soon"}}}, "not a calendar expression"),
        ({"health": {"path": "health"}}, "match"),
        ({"health": {"path": "/h ealth"}}, "match"),
        ({"node": {"version": "18.20.0"}}, "match"),
        ({"node": {"version": "22"}}, "match"),
        ({"keep_releases": 1}, "greater than or equal to 2"),
        ({"unknown": 1}, "Extra inputs"),
    ],
)
def test_refuses(values: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        settings(**values)
    assert reason in str(refusal.value)


def test_a_secret_key_is_required() -> None:
    with pytest.raises(ValidationError, match="secret_key"):
        App(repository="/nowhere")  # type: ignore[call-arg]


def test_no_secret_is_shown() -> None:
    app = settings(secrets={"TOKEN": "tok-4711"}, sentry_dsn="https://key-4711@sentry.example/1")
    assert "4711" not in repr(app)
    assert SECRET not in repr(app)


def test_HOST_09_a_value_that_is_called_otherwise_now_is_refused_in_words() -> None:
    with pytest.raises(ValidationError, match="wheel is called registry now"):
        Node(source="wheel")
