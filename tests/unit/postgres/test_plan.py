"""The SQL that is still missing: all of it, none of it, or just the part that somebody changed."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest

from roles.postgres import Postgres
from roles.postgres.plan import LOOKUP_STATE, plan, script
from roles.postgres.scram import verifier
from roles.postgres.state import State, parse, query
from roles.postgres.wanted import Wanted, wanted

PASSWORD = "7b1f0e4d6c9a4f2e8d3b5a7c9e1f0b24"
FURTHER = "Kq7'x\\9%\"w@:/z#?&Lm"
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
        "connection_limit": -1,
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


def converged(**roles: dict[str, Any]) -> State:
    """A server that has what the default settings want."""
    inside = {
        "extensions": ["plpgsql", "pg_stat_statements"],
        "public_creates": False,
        "owner_creates": True,
        "lookup": LOOKUP_STATE,
    }
    return State(
        roles={"app": login(PASSWORD), "pgbouncer": dict(POOLER), **roles},
        databases={"app": {"owner": "app", "users": ["app", "pgbouncer"]}},
        content={"app": inside, "template1": {**inside, "lookup": None}},
    )


def words(steps: list[Any]) -> list[str]:
    return [step.what for step in steps if step.what]


def test_a_converged_server_needs_nothing() -> None:
    assert plan(wanted(settings()), converged(), 14) == []


@pytest.mark.parametrize(("version", "grants"), [(13, True), (14, True), (15, False), (17, False)])
def test_a_bare_server_gets_everything_once(version: int, grants: bool) -> None:
    steps = words(plan(wanted(settings()), State(), version))
    assert len(steps) == len(set(steps))
    assert "create database app" in steps
    assert ("let app create in app" in steps) is grants
    assert ("let nobody else create in template1" in steps) is grants


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


def test_a_lookup_that_others_may_call_is_made_anew() -> None:
    state = converged()
    open_to_all = [*LOOKUP_STATE[:4], ["=X/postgres", "pgbouncer=X/postgres"]]
    state.content["app"]["lookup"] = open_to_all
    assert words(plan(wanted(settings()), state, 14)) == ["let pgbouncer authenticate for app"]


def test_a_role_that_is_no_longer_named_is_shut_out_once() -> None:
    former = login(FURTHER)
    steps = plan(wanted(settings()), converged(former=former), 14)
    assert [step.sql for step in steps] == ['ALTER ROLE "former" NOLOGIN PASSWORD NULL;']
    gone = {**former, "login": False}
    assert plan(wanted(settings()), converged(former=gone), 14) == []


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
    assert f'CREATE DATABASE "other-db" OWNER {quoted} TEMPLATE template0' in text
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
    rich = wanted(settings(roles={"dump": {"password": FURTHER, "statement_timeout": 0}}))
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
    assert rich.logins == ["app", "report"]


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
