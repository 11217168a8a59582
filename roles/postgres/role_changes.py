"""The SQL that takes one role to what is wanted of it."""

from __future__ import annotations

from typing import Any

from . import scram
from .quoting import identifier, literal
from .state import MARK
from .statements import Step
from .wanted import WantedRole

_ATTRIBUTES = "NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"


def role_steps(role: WantedRole, found: dict[str, Any]) -> list[Step]:
    """The steps for it; found: what the server has."""
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
