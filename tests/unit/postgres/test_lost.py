"""A database that had something and has nothing now is refused, and nothing else is."""

from __future__ import annotations

from typing import Any

import pytest

from roles.core.machine import Machine
from roles.postgres.lost import ask, forgotten, lost
from roles.postgres.settings import Postgres

HELD = "held app 1767225600"  # 2026-01-01 00:00:00


def refusals(*told: str, released: bool = True, of: str = "", **values: Any) -> list[str]:
    settings = Postgres(**{"password": "b7e151628aed2a6abf7158809cf4f3c7", **values})
    return list(lost(settings, Machine.example(told=told), released=released, of=of))


@pytest.mark.parametrize(
    ("told", "what"),
    [
        (("databases", HELD), "is gone"),
        (("databases",), "is gone"),
        (("databases", HELD, "database app empty"), "has no table any more"),
    ],
)
def test_HOST_09_what_was_there_is_missed(told: tuple[str, ...], what: str) -> None:
    (said,) = refusals(*told)
    assert said.startswith(f"database app {what}")
    moment = "2026-01-01 00:00:00" if HELD in told else "YYYY-MM-DD HH:MM:SS"
    assert f'restore.to="{moment}"' in said


@pytest.mark.parametrize(
    "told",
    [
        (),  # no server answers: a new host, or one that is down
        ("databases", HELD, "database app full"),
        ("databases", "database app empty"),  # an application without a table
    ],
)
def test_HOST_09_what_may_be_so_is_not_refused(told: tuple[str, ...]) -> None:
    assert refusals(*told) == []


def test_HOST_09_a_new_host_and_a_new_database_begin_empty() -> None:
    assert refusals("databases", released=False) == []
    more: dict[str, Any] = {"databases": {"events": {}}}
    assert refusals("databases", "database app full", HELD, **more) == []


def test_HOST_09_a_further_database_is_missed_too() -> None:
    (said,) = refusals(
        "databases", "database app full", "held events 1767225600", databases={"events": {}}
    )
    assert said.startswith("database events is gone")


def test_HOST_09_who_wants_it_empty_says_so() -> None:
    assert refusals("databases", HELD, start_empty="app") == []
    assert refusals("databases", HELD, start_empty="events") != []


@pytest.mark.parametrize(
    ("told", "what"),
    [
        ((HELD, "database app empty"), "/var/lib/readyhost/held/app"),
        ((HELD,), "/var/lib/readyhost/held/app"),
        ((HELD, "database app full"), ""),  # it has been filled since: the next loss is one
        (("held events 1767225600", "database app empty"), ""),
        ((), ""),
    ],
)
def test_HOST_09_a_run_forgets_what_it_makes_empty_and_a_question_nothing(
    told: tuple[str, ...], what: str
) -> None:
    settings = Postgres(password="b7e151628aed2a6abf7158809cf4f3c7", start_empty="app")
    assert forgotten(settings, Machine.example(told=("databases", *told))) == what
    assert "rm -" not in ask(settings)


def test_who_only_looks_leaves_no_note() -> None:
    settings = Postgres(password="b7e151628aed2a6abf7158809cf4f3c7")
    assert "touch" in ask(settings)
    assert not {"touch", "mkdir"} & set(ask(settings, note=False).split())


@pytest.mark.parametrize(
    ("of", "keys"),
    [
        ("", "set postgres.database to it, and postgres.user to its owner"),
        ("shop", "set apps.shop.database.name to it, and apps.shop.database.user to its owner"),
    ],
)
def test_HOST_09_one_that_is_here_under_another_name_is_named(of: str, keys: str) -> None:
    (said,) = refusals("databases", "standing app", of=of, database="shop")
    assert said.startswith("database shop is gone")
    assert said.endswith(f". This host has app too: is that the application's, {keys}")
    (said,) = refusals("databases", "standing shop", of=of, database="shop", databases={"app": {}})
    assert "too" not in said
