"""The SQL that is still missing: all of it, none of it, or just the part that somebody changed."""

from __future__ import annotations

import json

import pytest

from roles.backup.host import session
from roles.core.errors import OperatorError
from roles.postgres.changes import plan, script
from roles.postgres.lookup import LOOKUP_STATE
from roles.postgres.session import patient
from roles.postgres.state import State, parse, query
from roles.postgres.wanted import Wanted, wanted

from .servers import FURTHER, NAME, PASSWORD, converged, settings, words


def test_a_converged_server_needs_nothing() -> None:
    assert plan(wanted(settings()), converged(), 14) == []


@pytest.mark.parametrize(("version", "closes"), [(13, True), (14, True), (15, False), (17, False)])
def test_a_bare_server_gets_everything_once(version: int, closes: bool) -> None:
    steps = words(plan(wanted(settings()), State(), version))
    assert len(steps) == len(set(steps))
    assert "create database app" in steps
    assert "give schema public of app to app" in steps
    assert ("let nobody else create in template1" in steps) is closes


def test_SEC_01_a_database_of_an_earlier_version_is_taken_over_with_what_its_role_needs() -> None:
    state = converged()
    state.databases["app"] |= {"owner": "app", "path": "evil, public"}
    state.content["app"]["schema_owner"] = "postgres"
    assert words(plan(wanted(settings()), state, 14)) == [
        "take database app over from app",
        "open database app to app",
        "let app make schemas in app",
        "let sessions in app find extensions",
        "give schema public of app to app",
    ]


@pytest.mark.parametrize(
    ("found", "path"),
    [(None, '"$user", public, extensions'), ("shop, public", "shop, public, extensions")],
)
def test_SEC_01_extensions_are_found_after_all_that_was_found_before(
    found: str | None, path: str
) -> None:
    state = converged()
    state.databases["app"]["path"] = found
    (step,) = plan(wanted(settings()), state, 14)
    assert f"set_config('search_path', '{path}', false)" in step.sql


def test_SEC_01_a_schema_of_somebody_else_is_no_place_for_extensions() -> None:
    state = converged()
    state.content["app"]["extensions_owner"] = "app"
    with pytest.raises(OperatorError, match="schema extensions of database app belongs to app"):
        plan(wanted(settings()), state, 14)
    state = converged()
    state.content["app"] |= {"extensions": ["plpgsql"], "guard": None}
    assert words(plan(wanted(settings()), state, 14)) == [
        "let nobody else make extensions in app",
        "create extension pg_stat_statements in app",
    ]


def test_SEC_01_programs_on_the_host_open_their_sessions_alike() -> None:
    assert patient() == session.OPTIONS


def test_a_lookup_that_others_may_call_is_made_anew() -> None:
    state = converged()
    open_to_all = [*LOOKUP_STATE[:4], ["=X/postgres", "pgbouncer=X/postgres"], "postgres"]
    state.content["app"]["lookup"] = open_to_all
    assert words(plan(wanted(settings()), state, 14)) == ["let pgbouncer authenticate for app"]


def test_groups_come_first_and_names_keep_their_quotes() -> None:
    rich = settings(
        roles={
            NAME: {"password": FURTHER, "member_of": ["readers", "pg_monitor"]},
            "readers": {"connection_limit": 5},
        },
        databases={"other-db": {"owner": NAME, "extensions": ["uuid-ossp"]}},
    )
    steps = plan(wanted(rich), converged(), 14)
    text = script(steps)
    quoted = '"we""ird \'röle\\ %s"'
    assert text.index('CREATE ROLE "readers"') < text.index(f'GRANT "readers" TO {quoted}')
    assert 'CREATE DATABASE "other-db" OWNER postgres TEMPLATE template0' in text
    assert f'GRANT CREATE ON DATABASE "other-db" TO {quoted}' in text
    assert 'CREATE EXTENSION "uuid-ossp" CASCADE;' in text
    assert 'ALTER ROLE "readers" NOLOGIN' in text
    assert text.index('CREATE DATABASE "other-db"') < text.index("dbname='other-db'")


def test_no_password_is_in_the_plan_or_its_words() -> None:
    rich = settings(roles={"report": {"password": FURTHER}})
    steps = plan(wanted(rich), State(), 14)
    for secret in (PASSWORD, FURTHER):
        assert secret not in script(steps)
        assert all(secret not in step.what for step in steps)
        assert secret not in query(wanted(rich))
        assert secret not in repr(wanted(rich))
    assert all("SCRAM" not in step.what for step in steps)
    assert script(steps).index("log_statement = 'none'") < script(steps).index("CREATE ROLE")


def test_who_may_connect_where() -> None:
    rich: Wanted = wanted(
        settings(
            roles={"report": {"password": FURTHER}, "log": {"databases": ["logs"]}},
            databases={"logs": {}},
        )
    )
    users = {database.name: database.users for database in rich.databases}
    assert users == {"app": {"app", "pgbouncer", "report"}, "logs": {"app", "pgbouncer", "log"}}
    assert rich.logins == ["app", "app_b", "report"]


def test_the_state_is_read_back() -> None:
    lines = [
        json.dumps({"kind": "role", "name": "app", "login": True}),
        json.dumps({"kind": "database", "name": "app", "owner": "app"}),
        json.dumps({"kind": "content", "name": "app", "extensions": None}),
    ]
    state = parse(lines)
    assert state.roles == {"app": {"login": True}}
    assert state.databases == {"app": {"owner": "app"}}
    assert state.content == {"app": {"extensions": None}}
