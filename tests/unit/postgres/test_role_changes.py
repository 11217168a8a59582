"""The SQL for roles: who may log in, with which password, limits and groups."""

from __future__ import annotations

import json
from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from roles.postgres.changes import plan, strangers
from roles.postgres.state import parse
from roles.postgres.wanted import SPARE, wanted

from .servers import FURTHER, MOST, NAME, PASSWORD, converged, login, second, settings, words


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


def test_a_role_with_a_longer_limit_has_it() -> None:
    rich = wanted(settings(roles={"dump": {"password": FURTHER, "statement_timeout_seconds": 0}}))
    (dump,) = [role for role in rich.roles if role.name == "dump"]
    assert dump.limits["statement_timeout"] == "0s"
