"""The SQL that takes a server from what it has to what is wanted, and nothing more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from roles.core.errors import OperatorError

from . import extensions, scram
from .quoting import connect, identifier, literal
from .state import MARK, SHARED, State
from .wanted import POOLER, Wanted, WantedDatabase, WantedRole

OWNER = "postgres"  # of each database
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
    "postgres",
]
# Made anew as a whole: whoever owned the schema may have left more in it. In one transaction, so
# that nobody who logs in meanwhile is refused.
_CREATE_LOOKUP = f"""BEGIN;
DROP SCHEMA IF EXISTS pgbouncer CASCADE;
CREATE SCHEMA pgbouncer;
REVOKE ALL ON SCHEMA pgbouncer FROM PUBLIC;
GRANT USAGE ON SCHEMA pgbouncer TO pgbouncer;
CREATE FUNCTION pgbouncer.get_auth(name text) RETURNS TABLE (username text, password text)
  LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog AS {literal(LOOKUP)};
REVOKE ALL ON FUNCTION pgbouncer.get_auth(text) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION pgbouncer.get_auth(text) TO pgbouncer;
COMMIT;"""

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
    for name in SHARED:
        if "PUBLIC" in (state.databases.get(name, {"users": ["PUBLIC"]})["users"] or []):
            sql = f"REVOKE ALL ON DATABASE {identifier(name)} FROM PUBLIC;"
            steps.append(Step(f"close database {name} to everybody else", sql))
    for database in wanted.databases:
        steps += _database(database, state)
    for name, inside in _inside(wanted, state, version):
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
    # What a role has set for itself in one database outranks what it has everywhere.
    for database, key in sorted(found.get("elsewhere") or []):
        if key in role.limits:
            sql = f"ALTER ROLE {name} IN DATABASE {identifier(database)} RESET {key};"
            steps.append(Step(f"take {role.name}'s own {key} in {database}", sql))
    return steps


def _password(role: WantedRole, found: dict[str, Any]) -> list[Step]:
    name, digest = identifier(role.name), found.get("digest")
    if role.password is None:
        if role.keep or not digest:
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
            f"CREATE DATABASE {name} OWNER {OWNER} TEMPLATE template0 ENCODING 'UTF8'"
            f" LC_COLLATE {locale} LC_CTYPE {locale};"
        )
        steps.append(Step(f"create database {database.name}", sql))
        found = {"owner": OWNER, "users": ["PUBLIC"], "creators": None, "path": None}
    users, creators = set(found["users"] or []), set(found["creators"] or [])
    if found["owner"] != OWNER:
        # What it had sessions begin with would go on leading people astray.
        sql = f"ALTER DATABASE {name} OWNER TO {OWNER}; ALTER DATABASE {name} RESET search_path;"
        steps.append(Step(f"take database {database.name} over from {found['owner']}", sql))
        users -= {found["owner"]}  # what the former owner may do becomes the new one's
        creators -= {found["owner"]}
        found["path"] = None
    if "PUBLIC" in users:
        sql = f"REVOKE ALL ON DATABASE {name} FROM PUBLIC;"
        steps.append(Step(f"close database {database.name} to everybody else", sql))
    for user in sorted(database.users - users):
        sql = f"GRANT CONNECT, TEMPORARY ON DATABASE {name} TO {identifier(user)};"
        steps.append(Step(f"open database {database.name} to {user}", sql))
    if database.owner not in creators:
        # Schemas of its own. Extensions, which this allows too, are refused inside.
        sql = f"GRANT CREATE ON DATABASE {name} TO {owner};"
        steps.append(Step(f"let {database.owner} make schemas in {database.name}", sql))
    if not extensions.is_found(found["path"]):
        sql = extensions.search_path(database.name, found["path"])
        steps.append(Step(f"let sessions in {database.name} find extensions", sql))
    return steps


def _inside(wanted: Wanted, state: State, version: int) -> list[tuple[str, list[Step]]]:
    """Steps for each database that are done while connected to it."""
    fresh: dict[str, Any] = {"public_creates": version < PUBLIC_SCHEMA_CLOSED}
    found = {name: _schema(name, state.content.get(name, fresh)) for name in SHARED}
    for database in wanted.databases:
        content = state.content.get(database.name, fresh)
        steps = _schema(database.name, content)
        owner = content.get("schema_owner", OWNER)  # None: somebody has dropped it
        if owner not in {database.owner, None}:
            sql = f"ALTER SCHEMA public OWNER TO {identifier(database.owner)};"
            steps.append(Step(f"give schema public of {database.name} to {database.owner}", sql))
        steps += _extensions(database, content)
        if content.get("lookup") != LOOKUP_STATE:
            steps.append(Step(f"let {POOLER} authenticate for {database.name}", _CREATE_LOOKUP))
        found[database.name] = steps
    return list(found.items())


def _extensions(database: WantedDatabase, content: dict[str, Any]) -> list[Step]:
    steps = []
    keeper = content.get("extensions_owner")
    if keeper is None:
        what = f"make a schema for extensions in {database.name}"
        steps.append(Step(what, extensions.PLACE))
    elif keeper != OWNER:
        raise OperatorError(
            f"schema {extensions.SCHEMA} of database {database.name} belongs to {keeper}, and"
            f" postgres.extensions are kept in one of that name: ALTER SCHEMA {extensions.SCHEMA}"
            " RENAME TO another name, then run again. Nothing has been changed"
        )
    if content.get("guard") != extensions.GUARD_STATE:
        what = f"let nobody else make extensions in {database.name}"
        steps.append(Step(what, extensions.GUARD))
    for extension in database.extensions:
        if extension not in (content.get("extensions") or []):
            what = f"create extension {extension} in {database.name}"
            steps.append(Step(what, extensions.create(extension)))
    return steps


def _schema(database: str, content: dict[str, Any]) -> list[Step]:
    if not content["public_creates"]:
        return []
    sql = "REVOKE CREATE ON SCHEMA public FROM PUBLIC;"
    return [Step(f"let nobody else create in {database}", sql)]
