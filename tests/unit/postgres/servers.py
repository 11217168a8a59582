"""What a server says of itself that has what the default settings want."""

from __future__ import annotations

import hashlib
from typing import Any

from roles.postgres import Postgres
from roles.postgres.extensions import GUARD_STATE
from roles.postgres.lookup import LOOKUP_STATE
from roles.postgres.scram import verifier
from roles.postgres.state import SHARED, State
from roles.postgres.wanted import SPARE

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
