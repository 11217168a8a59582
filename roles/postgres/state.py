"""What a server has of the wanted roles and databases: one psql, whatever their number."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from pyinfra.api import FactBase

from .quoting import connect, literal
from .wanted import Wanted

PSQL = "cd / && runuser -u postgres -- psql -XAtq -v ON_ERROR_STOP=1 -d postgres"

MARK = "readyhost"  # the comment on each role that it made, so that it is missed when it goes

# Of a password only the salt and a hash of the verifier leave the server: see scram.matches.
_ROLES = """
SELECT json_build_object('kind', 'role', 'name', rolname, 'login', rolcanlogin,
  'managed', shobj_description(oid, 'pg_authid') = {mark},
  'elevated', rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls,
  'expires', rolvaliduntil < 'infinity', 'connection_limit', rolconnlimit,
  'salt', substring(rolpassword FROM '^SCRAM-SHA-256[$][0-9]+:[^$]+'),
  'digest', encode(sha256(convert_to(rolpassword, 'UTF8')), 'hex'),
  'limits', (SELECT json_agg(s) FROM pg_db_role_setting, unnest(setconfig) s
             WHERE setrole = r.oid AND setdatabase = 0),
  'member_of', (SELECT json_agg(g.rolname) FROM pg_auth_members m
                JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid))
FROM pg_authid r WHERE rolname IN ({names}) OR shobj_description(oid, 'pg_authid') = {mark};
"""

_DATABASES = """
SELECT json_build_object('kind', 'database', 'name', datname,
  'owner', pg_get_userbyid(datdba), 'users',
  (SELECT json_agg(CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END)
   FROM aclexplode(coalesce(datacl, acldefault('d', datdba))) WHERE privilege_type = 'CONNECT'))
FROM pg_database WHERE datname IN ({names});
"""

_EXISTS = """
SELECT EXISTS (SELECT FROM pg_database WHERE datname = {name}) AS here \\gset
\\if :here
{connect}
"""

_CONTENT = """
SELECT json_build_object('kind', 'content', 'name', current_database(),
  'extensions', (SELECT json_agg(extname) FROM pg_extension),
  'public_creates', EXISTS (SELECT FROM pg_namespace, aclexplode(nspacl)
    WHERE nspname = 'public' AND grantee = 0 AND privilege_type = 'CREATE'),
  'owner_creates', (SELECT has_schema_privilege(datdba, 'public', 'CREATE')
    FROM pg_database JOIN pg_namespace ON nspname = 'public'
    WHERE datname = current_database()),
  'lookup', (SELECT json_build_array(prosrc, prosecdef, proowner::regrole, proconfig, proacl)
    FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace
    WHERE nspname = 'pgbouncer' AND proname = 'get_auth'));
"""


@dataclass(frozen=True)
class State:
    """By name: roles, databases, and what is inside each database."""

    roles: dict[str, dict[str, Any]] = field(default_factory=dict)
    databases: dict[str, dict[str, Any]] = field(default_factory=dict)
    content: dict[str, dict[str, Any]] = field(default_factory=dict)


def query(wanted: Wanted) -> str:
    """The SQL that prints the state, a JSON object a line."""
    roles = ", ".join(literal(role.name) for role in wanted.roles)
    databases = ", ".join(literal(database.name) for database in wanted.databases)
    parts = [_ROLES.format(names=roles, mark=literal(MARK)), _DATABASES.format(names=databases)]
    for name in ("template1", *(database.name for database in wanted.databases)):
        parts += [
            _EXISTS.format(name=literal(name), connect=connect(name)),
            _CONTENT,
            connect("postgres"),
            "\\endif",
        ]
    return "\n".join(parts)


def parse(lines: Iterable[str]) -> State:
    """Read what the query printed."""
    state = State()
    places = {"role": state.roles, "database": state.databases, "content": state.content}
    for line in lines:
        value = json.loads(line)
        places[value.pop("kind")][value.pop("name")] = value
    return state


class StateFact(FactBase):
    """The State of the server on `port`; an empty one where no server answers yet."""

    default = State

    def command(self, port: int, query: str) -> str:
        return (
            f"if pg_isready -q -p {port} 2>/dev/null; then"
            f" printf %s {shlex.quote(query)} | ( {PSQL} -p {port} ); fi"
        )

    def process(self, output: list[str]) -> State:
        return parse(line for line in output if line.strip())
