"""What a server has of the wanted roles and databases: one psql, whatever their number."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from .quoting import connect, literal
from .session import answers, psql
from .wanted import Wanted

SHARED = ("template1", "postgres")  # the server's own: superusers' sessions begin there
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
  'elsewhere', (SELECT json_agg(json_build_array(d.datname, split_part(s, '=', 1)))
                FROM pg_db_role_setting JOIN pg_database d ON d.oid = setdatabase,
                unnest(setconfig) s WHERE setrole = r.oid),
  'member_of', (SELECT json_agg(g.rolname) FROM pg_auth_members m
                JOIN pg_roles g ON g.oid = m.roleid WHERE m.member = r.oid))
FROM pg_authid r WHERE rolname IN ({names}) OR shobj_description(oid, 'pg_authid') = {mark};
"""

# Roles that somebody made by hand, with what they may do beyond the data.
_STRANGERS = """
SELECT json_build_object('kind', 'stranger', 'name', rolname, 'rights', rights)
FROM pg_authid r, LATERAL (SELECT array_remove(ARRAY[
    CASE WHEN rolsuper THEN 'superuser' END, CASE WHEN rolcreaterole THEN 'createrole' END,
    CASE WHEN rolreplication THEN 'replication' END, CASE WHEN rolbypassrls THEN 'bypassrls' END
  ], NULL) || ARRAY(SELECT g.rolname::text FROM pg_auth_members JOIN pg_authid g ON g.oid = roleid
    WHERE member = r.oid AND (starts_with(g.rolname, 'pg_') OR g.rolname IN ({names}))
    ORDER BY 1) AS rights) found
WHERE oid >= {first} AND rolname NOT IN ({names}) AND rights <> '{{}}' ORDER BY rolname;
"""
FIRST_OWN = 16384  # PostgreSQL's own roles have smaller numbers (FirstNormalObjectId)

_DATABASES = """
SELECT json_build_object('kind', 'database', 'name', datname,
  'owner', pg_get_userbyid(datdba), 'users',
  (SELECT json_agg(CASE grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(grantee) END)
   FROM aclexplode(coalesce(datacl, acldefault('d', datdba))) WHERE privilege_type = 'CONNECT'),
  'creators', (SELECT json_agg(pg_get_userbyid(grantee))
   FROM aclexplode(datacl) WHERE privilege_type = 'CREATE'), 'path',
  (SELECT substr(s, length('search_path=') + 1) FROM pg_db_role_setting, unnest(setconfig) s
   WHERE setdatabase = d.oid AND setrole = 0 AND starts_with(s, 'search_path=')))
FROM pg_database d WHERE datname IN ({names});
"""

# What a session begins with in place of what the server's own files say: of a role, a database, or
# both. A client's own time zone is its own business.
_OWN = """
SELECT json_build_object('kind', 'own', 'name', concat_ws(' in ', rolname, datname), 'settings',
  array_agg(s), 'role', rolname, 'database', datname)
FROM pg_db_role_setting LEFT JOIN pg_roles r ON r.oid = setrole
  LEFT JOIN pg_database d ON d.oid = setdatabase, unnest(setconfig) s
WHERE split_part(s, '=', 1) <> 'TimeZone' AND split_part(s, '=', 1) IN (
  SELECT name FROM pg_file_settings WHERE sourcefile LIKE '%/conf.d/readyhost.conf')
GROUP BY rolname, datname;
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
  'extensions_owner', (SELECT pg_get_userbyid(nspowner) FROM pg_namespace
    WHERE nspname = 'extensions'),
  'guard', (SELECT json_build_array(prosrc, proowner::regrole, proconfig, evtevent, evtenabled)
    FROM pg_event_trigger JOIN pg_proc p ON p.oid = evtfoid
    WHERE evtname = 'only_listed_extensions' AND evttags IS NULL),
  'schema_owner', (SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'public'),
  'lookup', (SELECT json_build_array(prosrc, prosecdef, proowner::regrole, proconfig, proacl,
    pg_get_userbyid(n.nspowner))
    FROM pg_proc JOIN pg_namespace n ON n.oid = pronamespace
    WHERE nspname = 'pgbouncer' AND proname = 'get_auth'));
"""


@dataclass(frozen=True)
class State:
    """By name: roles, databases, what is inside each database, what roles may do that neither the
    settings nor PostgreSQL know, and what sessions begin with in place of the server's settings."""

    roles: dict[str, dict[str, Any]] = field(default_factory=dict)
    databases: dict[str, dict[str, Any]] = field(default_factory=dict)
    content: dict[str, dict[str, Any]] = field(default_factory=dict)
    strangers: dict[str, dict[str, Any]] = field(default_factory=dict)
    own: dict[str, dict[str, Any]] = field(default_factory=dict)


def query(wanted: Wanted) -> str:
    """The SQL that prints the state, a JSON object a line."""
    roles = ", ".join(literal(role.name) for role in wanted.roles)
    named = [database.name for database in wanted.databases]
    databases = ", ".join(literal(name) for name in (*SHARED, *named))
    parts = [
        _ROLES.format(names=roles, mark=literal(MARK)),
        _STRANGERS.format(names=roles, first=FIRST_OWN),
        _DATABASES.format(names=databases),
        _OWN,
    ]
    for name in (*SHARED, *named):
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
    places = {
        "role": state.roles,
        "database": state.databases,
        "content": state.content,
        "stranger": state.strangers,
        "own": state.own,
    }
    for line in lines:
        value = json.loads(line)
        places[value.pop("kind")][value.pop("name")] = value
    return state


HEARD = "heard"


def question(port: int, sql: str) -> str:
    """Shell that asks the server on `port`. It prints HEARD last: without it the server answered in
    part, and what is missing is not there by that. One that does not answer yet has nothing."""
    return (
        f"if {answers(port)}; then"
        f" printf %s {shlex.quote(sql)} | ( {psql(port)} ) && echo {HEARD}; else echo {HEARD}; fi"
    )
