"""The SQL that is still missing: all of it, none of it, or just the part that somebody changed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from roles.backup.host import session
from roles.core.errors import OperatorError
from roles.postgres import Postgres
from roles.postgres.changes import plan, script, strangers
from roles.postgres.extensions import GUARD_STATE
from roles.postgres.lookup import LOOKUP_STATE
from roles.postgres.scram import verifier
from roles.postgres.session import patient
from roles.postgres.state import SHARED, State, parse, query
from roles.postgres.wanted import SPARE, Wanted, wanted

PASSWORD = "7b1f0e4d6c9a4f2e8d3b5a7c9e1f0b24"
FURTHER = "Kq7'x\\9%\"w@:/z#?&Lm"
MOST = 88  # of the 100, less the 10 reserved ones and those of the pooler's that look up
NAME = "we\"ird 'röle\\ %s"


def settings(**values: Any) -> Postgres:
    return Postgres(password=PASSWORD, **values)


def login(password: str, **values: Any) -> dict[str, Any]:
    stored = verifier(password)
    return {
        "login": True,
        "managed": True,
        "elevated": False,
        "expires": None,
        "connection_limit": MOST,
        "salt": stored.rsplit("$", 1)[0],
        "digest": hashlib.sha256(stored.encode()).hexdigest(),
        "limits": [
            "statement_timeout=60s", "lock_timeout=10s", "idle_in_transaction_session_timeout=60s",
        ],
        "member_of": None,
        **values,
    }  # fmt: skip


POOLER = {
    "login": True, "managed": True, "elevated": False, "expires": None, "connection_limit": -1,
    "salt": None, "digest": None, "limits": None, "member_of": None,
}  # fmt: skip


def second(**values: Any) -> dict[str, Any]:
    """The application's other login, without a password."""
    free = login(PASSWORD, salt=None, digest=None, member_of=["app"])
    limits = [*free["limits"], "role=app"]
    return {**free, "connection_limit": SPARE, "limits": limits, **values}


def converged(**roles: dict[str, Any]) -> State:
    """A server that has what the default settings want."""
    inside = {
        "extensions": ["plpgsql", "pg_stat_statements"],
        "public_creates": False,
        "schema_owner": "app",
        "lookup": LOOKUP_STATE,
        "extensions_owner": "postgres",
        "guard": GUARD_STATE,
    }
    path = '"$user", public, extensions'
    return State(
        roles={"app": login(PASSWORD), "app_b": second(), "pgbouncer": dict(POOLER), **roles},
        databases={
            "app": {
                "owner": "postgres",
                "users": ["app", "pgbouncer"],
                "creators": ["app"],
                "path": path,
            },
            **{name: {"owner": "postgres", "users": ["postgres"]} for name in SHARED},
        },
        content={"app": inside, **{name: {**inside, "lookup": None} for name in SHARED}},
    )


def words(steps: list[Any]) -> list[str]:
    return [step.what for step in steps if step.what]


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


@pytest.mark.parametrize(
    ("drift", "step"),
    [
        ({"elevated": True}, "set attributes of role app"),
        ({"login": False}, "set attributes of role app"),
        ({"expires": True}, "set attributes of role app"),
        ({"connection_limit": 3}, "set attributes of role app"),
        ({"managed": False}, "mark role app"),
        ({"digest": "0" * 64}, "set the password of app"),
        ({"digest": None, "salt": None}, "set the password of app"),
        ({"salt": None}, "set the password of app"),  # an md5 password has no such salt
        ({"member_of": ["pg_monitor"]}, "make app no member of pg_monitor"),
        ({"limits": ["lock_timeout=10s", "idle_in_transaction_session_timeout=60s"]},
         "set statement_timeout of app to 60s"),
    ],
)  # fmt: skip
def test_what_somebody_changed_is_put_right_and_nothing_else(
    drift: dict[str, Any], step: str
) -> None:
    state = converged(app={**login(PASSWORD), **drift})
    assert words(plan(wanted(settings()), state, 14)) == [step]


def test_DB_10_a_new_password_goes_to_the_other_login_and_the_former_is_closed_later() -> None:
    new = settings().model_copy(update={"password": SecretStr(FURTHER)})
    steps = plan(wanted(new, "app_b", keep=True), converged(), 14)
    assert words(steps) == ["set attributes of role app_b", "set the password of app_b"]
    both = converged(app_b=second(**_verifier(FURTHER), connection_limit=MOST))
    assert plan(wanted(new, "app_b", keep=True), both, 14) == []
    closing = plan(wanted(new, "app_b"), both, 14)
    assert words(closing) == ["set attributes of role app", "take the password of app"]


def test_SEC_08_an_application_leaves_connections_to_the_others() -> None:
    first, other = settings(max_connections=60), settings(user="blog", database="blog")
    first._others, first._pool, other._pool = (other,), 20, 15
    limits = {role.name: role.connection_limit for role in wanted(first).roles}
    assert limits["app"] == 60 - 10 - 2 - 15
    assert limits["blog"] == 60 - 10 - 2 - 20
    assert limits["app_b"] == limits["blog_b"] == SPARE  # an intruder's second way in


def test_DB_10_both_logins_have_the_same_limits_and_act_as_the_owner() -> None:
    owner, other = wanted(settings(statement_timeout_seconds=7)).roles[:2]
    assert other.limits == {**owner.limits, "role": "app"}
    assert other.member_of == {"app"}
    with pytest.raises(ValidationError, match="app_b is the application's role too"):
        settings(roles={"app_b": {}})


def _verifier(password: str) -> dict[str, Any]:
    whole = login(password)
    return {"salt": whole["salt"], "digest": whole["digest"]}


def test_a_lookup_that_others_may_call_is_made_anew() -> None:
    state = converged()
    open_to_all = [*LOOKUP_STATE[:4], ["=X/postgres", "pgbouncer=X/postgres"], "postgres"]
    state.content["app"]["lookup"] = open_to_all
    assert words(plan(wanted(settings()), state, 14)) == ["let pgbouncer authenticate for app"]


def test_a_role_that_is_no_longer_named_is_shut_out_once() -> None:
    former = login(FURTHER)
    steps = plan(wanted(settings()), converged(former=former), 14)
    assert [step.sql for step in steps] == ['ALTER ROLE "former" NOLOGIN PASSWORD NULL;']
    gone = {**former, "login": False}
    assert plan(wanted(settings()), converged(former=gone), 14) == []


def test_SEC_01_roles_of_somebody_else_are_named_with_what_they_may() -> None:
    state = parse([json.dumps({"kind": "stranger", "name": NAME, "rights": ["superuser"]})])
    (line,) = strangers(state)
    assert line == (
        f"role {NAME} (superuser) is not of the settings: name it in postgres.roles, or DROP ROLE"
        ' "we""ird \'röle\\ %s"'
    )


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


def test_a_role_with_a_longer_limit_has_it() -> None:
    rich = wanted(settings(roles={"dump": {"password": FURTHER, "statement_timeout_seconds": 0}}))
    (dump,) = [role for role in rich.roles if role.name == "dump"]
    assert dump.limits["statement_timeout"] == "0s"


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
