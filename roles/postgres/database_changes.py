"""The SQL that takes one database to what is wanted of it, from outside and from inside."""

from __future__ import annotations

from typing import Any

from roles.core.errors import OperatorError

from . import extensions
from .lookup import CREATE_LOOKUP, LOOKUP_STATE
from .quoting import identifier, literal
from .state import SHARED, State
from .statements import Step
from .wanted import POOLER, Wanted, WantedDatabase

OWNER = "postgres"  # of each database
PUBLIC_SCHEMA_CLOSED = 15  # from this version on PUBLIC may not create in it


def database_steps(database: WantedDatabase, state: State) -> list[Step]:
    """What is done to it from another one."""
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


def inside_steps(wanted: Wanted, state: State, version: int) -> list[tuple[str, list[Step]]]:
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
            steps.append(Step(f"let {POOLER} authenticate for {database.name}", CREATE_LOOKUP))
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
