"""The SQL that takes a server from what it has to what is wanted, and nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import scram
from .quoting import connect, identifier, literal
from .state import MARK, State
from .wanted import POOLER, Wanted, WantedDatabase, WantedRole

PUBLIC_SCHEMA_CLOSED = 15  # from this version on PUBLIC may not create in it

# No statement below belongs in a log or in the statistics: it may hold a verifier.
SILENT = """\\set QUIET on
\\set VERBOSITY terse
SET client_min_messages = warning;
SET log_statement = 'none';
SET log_min_duration_statement = -1;
SET log_min_error_statement = 'panic';
SET pg_stat_statements.track = 'none';"""

LOOKUP = (
    " SELECT rolname::text, rolpassword::text FROM pg_catalog.pg_authid"
    " WHERE rolname = $1 AND rolcanlogin AND NOT rolsuper"
    " AND (rolvaliduntil IS NULL OR rolvaliduntil > now()) "
)
LOOKUP_STATE = [
    LOOKUP,
    True,
    "postgres",
    ["search_path=pg_catalog"],
    ["postgres=X/postgres", "pgbouncer=X/postgres"],
]
_CREATE_LOOKUP = f"""CREATE SCHEMA IF NOT EXISTS pgbouncer;
REVOKE ALL ON SCHEMA pgbouncer FROM PUBLIC;
GRANT USAGE ON SCHEMA pgbouncer TO pgbouncer;
DROP FUNCTION IF EXISTS pgbouncer.get_auth(text);
CREATE FUNCTION pgbouncer.get_auth(name text) RETURNS TABLE (username text, password text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS {literal(LOOKUP)};
REVOKE ALL ON FUNCTION pgbouncer.get_auth(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pgbouncer.get_auth(text) TO pgbouncer;"""

_ATTRIBUTES = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"


@dataclass(frozen=True)
class Step:
    """What is done, in words that hold no secret, and the SQL that does it."""

    what: str
    sql: str


def plan(wanted: Wanted, state: State, version: int) -> list[Step]:
    """The steps, in an order in which they can be done. Empty when nothing is missing."""
    steps: list[Step] = []
    for role in wanted.roles:  # all of them, before one is granted to another
        if role.name not in state.roles:
            steps.append(Step(f"create role {role.name}", f"CREATE ROLE {identifier(role.name)};"))
    for role in wanted.roles:
        steps += _role(role, state.roles.get(role.name, {"login": False, "connection_limit": -1}))
    for name, found in state.roles.items():
        if name not in {role.name for role in wanted.roles} and found["login"]:
            sql = f"ALTER ROLE {identifier(name)} NOLOGIN PASSWORD NULL;"
            steps.append(Step(f"shut out {name}, which the settings no longer name", sql))
    for database in wanted.databases:
        steps += _database(database, state)
    for name, inside in _inside(wanted, state, version):
        if inside:
            steps.append(Step("", connect(name)))
            steps += inside
    return steps


def script(steps: list[Step]) -> str:
    """One psql script of `steps`. It holds verifiers: it goes through standard input."""
    return "\n".join([SILENT, *(step.sql for step in steps), ""])


def _role(role: WantedRole, found: dict[str, Any]) -> list[Step]:
    name = identifier(role.name)
    steps = []
    if (
        found["login"] != role.login
        or found.get("elevated")
        or found.get("expires")
        or found["connection_limit"] != role.connection_limit
    ):
        login = "LOGIN" if role.login else "NOLOGIN"
        sql = (
            f"ALTER ROLE {name} {login} {_ATTRIBUTES} VALID UNTIL 'infinity'"
            f" CONNECTION LIMIT {role.connection_limit};"
        )
        steps.append(Step(f"set attributes of role {role.name}", sql))
    if not found.get("managed"):
        sql = f"COMMENT ON ROLE {name} IS {literal(MARK)};"
        steps.append(Step(f"mark role {role.name}", sql))
    steps += _password(role, found)
    have = set(found.get("member_of") or [])
    for group in sorted(role.member_of - have):
        sql = f"GRANT {identifier(group)} TO {name};"
        steps.append(Step(f"make {role.name} a member of {group}", sql))
    for group in sorted(have - role.member_of):
        sql = f"REVOKE {identifier(group)} FROM {name};"
        steps.append(Step(f"make {role.name} no member of {group}", sql))
    limits = dict(item.split("=", 1) for item in found.get("limits") or [])
    for key, value in role.limits.items():
        if limits.get(key) != value:
            sql = f"ALTER ROLE {name} SET {key} = {literal(value)};"
            steps.append(Step(f"set {key} of {role.name} to {value}", sql))
    return steps


def _password(role: WantedRole, found: dict[str, Any]) -> list[Step]:
    name, digest = identifier(role.name), found.get("digest")
    if role.password is None:
        if not digest:
            return []
        return [Step(f"take the password of {role.name}", f"ALTER ROLE {name} PASSWORD NULL;")]
    password = role.password.get_secret_value()
    if digest and scram.matches(password, found.get("salt") or "", digest):
        return []
    sql = f"ALTER ROLE {name} PASSWORD {literal(scram.verifier(password))};"
    return [Step(f"set the password of {role.name}", sql)]


def _database(database: WantedDatabase, state: State) -> list[Step]:
    name, owner = identifier(database.name), identifier(database.owner)
    found = state.databases.get(database.name)
    steps = []
    if found is None:
        locale = literal(database.locale)
        sql = (
            f"CREATE DATABASE {name} OWNER {owner} TEMPLATE template0 ENCODING 'UTF8'"
            f" LC_COLLATE {locale} LC_CTYPE {locale};"
        )
        steps.append(Step(f"create database {database.name}", sql))
        found = {"owner": database.owner, "users": ["PUBLIC", database.owner]}
    if found["owner"] != database.owner:
        sql = f"ALTER DATABASE {name} OWNER TO {owner};"
        steps.append(Step(f"give database {database.name} to {database.owner}", sql))
    users = set(found["users"] or [])
    if "PUBLIC" in users:
        sql = f"REVOKE ALL ON DATABASE {name} FROM PUBLIC;"
        steps.append(Step(f"close database {database.name} to everybody else", sql))
    for user in sorted(database.users - users):
        sql = f"GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {identifier(user)};"
        steps.append(Step(f"open database {database.name} to {user}", sql))
    return steps


def _inside(wanted: Wanted, state: State, version: int) -> list[tuple[str, list[Step]]]:
    """Steps for each database that are done while connected to it."""
    fresh: dict[str, Any] = {"public_creates": version < PUBLIC_SCHEMA_CLOSED}
    found = {"template1": _schema("template1", state.content.get("template1", fresh))}
    for database in wanted.databases:
        content = state.content.get(database.name, fresh)
        steps = _schema(database.name, content)
        # From PostgreSQL 15 on the owner creates there by being the owner. NULL: no such schema.
        creates = content.get("owner_creates", version >= PUBLIC_SCHEMA_CLOSED)
        if creates is False:
            sql = f"GRANT ALL ON SCHEMA public TO {identifier(database.owner)};"
            steps.append(Step(f"let {database.owner} create in {database.name}", sql))
        for extension in database.extensions:
            if extension not in (content.get("extensions") or []):
                sql = f"CREATE EXTENSION {identifier(extension)} CASCADE;"
                steps.append(Step(f"create extension {extension} in {database.name}", sql))
        if content.get("lookup") != LOOKUP_STATE:
            steps.append(Step(f"let {POOLER} authenticate for {database.name}", _CREATE_LOOKUP))
        found[database.name] = steps
    return list(found.items())


def _schema(database: str, content: dict[str, Any]) -> list[Step]:
    if not content["public_creates"]:
        return []
    sql = "REVOKE CREATE ON SCHEMA public FROM PUBLIC;"
    return [Step(f"let nobody else create in {database}", sql)]
