"""The SQL that takes a server from what it has to what is wanted, and nothing more."""

from __future__ import annotations

from .database_changes import database_steps, inside_steps
from .quoting import connect, identifier
from .role_changes import role_steps
from .state import SHARED, State
from .statements import Step
from .wanted import Wanted

# No statement below belongs in a log or in the statistics: it may hold a verifier.
SILENT = """\\set QUIET on
\\set VERBOSITY terse
SET client_min_messages = warning;
SET log_statement = 'none';
SET log_min_duration_statement = -1;
SET log_min_error_statement = 'panic';
SET pg_stat_statements.track = 'none';"""


def plan(wanted: Wanted, state: State, version: int) -> list[Step]:
    """The steps, in an order in which they can be done. Empty when nothing is missing."""
    steps: list[Step] = []
    for role in wanted.roles:  # all of them, before one is granted to another
        if role.name not in state.roles:
            steps.append(Step(f"create role {role.name}", f"CREATE ROLE {identifier(role.name)};"))
    for role in wanted.roles:
        steps += role_steps(
            role, state.roles.get(role.name, {"login": False, "connection_limit": -1})
        )
    for name, found in state.roles.items():
        if name not in {role.name for role in wanted.roles} and found["login"]:
            sql = f"ALTER ROLE {identifier(name)} NOLOGIN PASSWORD NULL;"
            steps.append(Step(f"shut out {name}, which the settings no longer name", sql))
    for name in SHARED:
        if "PUBLIC" in (state.databases.get(name, {"users": ["PUBLIC"]})["users"] or []):
            sql = f"REVOKE ALL ON DATABASE {identifier(name)} FROM PUBLIC;"
            steps.append(Step(f"close database {name} to everybody else", sql))
    for database in wanted.databases:
        steps += database_steps(database, state)
    for name, inside in inside_steps(wanted, state, version):
        if inside:
            steps.append(Step("", connect(name)))
            steps += inside
    return steps


def strangers(state: State) -> list[str]:
    """Roles that somebody made by hand and that may do more than their data: said, not dropped."""
    return [
        f"role {name} ({', '.join(found['rights'])}) is not of the settings: name it in"
        f" postgres.roles, or DROP ROLE {identifier(name)}"
        for name, found in state.strangers.items()
    ]


def outranked(wanted: Wanted, state: State) -> list[str]:
    """A line for each role or database with settings of its own that outrank the server's. Somebody
    may mean them: they stay, and are said."""
    limits = {role.name: {f"{k}={v}" for k, v in role.limits.items()} for role in wanted.roles}
    lines = []
    for name, found in sorted(state.own.items()):
        ours = limits.get(found["role"], set()) if not found["database"] else set()
        for setting in sorted(set(found["settings"]) - ours):
            lines.append(f"sessions of {name or 'everybody'} begin with {setting} by hand")
    return lines


def script(steps: list[Step]) -> str:
    """One psql script of `steps`. It holds verifiers: it goes through standard input."""
    return "\n".join([SILENT, *(step.sql for step in steps), ""])
