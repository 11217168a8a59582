"""Names that are meant to be taken for something else: for an option, a pattern, the end of a line,
an order to a shell, to psql or to a terminal; and what would be there if one were."""

from __future__ import annotations

import shlex

from vagrant.driver import Box

from .hosts import UPLOADS, sql

RAN = "/var/tmp/names-ran"  # everybody may make it
SEPARATOR = "\N{LINE SEPARATOR}"
ORDERS = (
    f"$(touch {RAN})",
    f"`touch {RAN}`",
    f"';COPY(SELECT 1)TO PROGRAM 'touch {RAN}'--",
    f"\n\\! touch {RAN}\n",
    f"\n=> run: touch {RAN}",
    f'";touch {RAN};"',
    "-rf",
    "--target=/",
    "*?[a-z]\\",
    " postgres",
    "\x1b]0;title\x07\x1b[2J",
    f"x postgres{SEPARATOR}y\x85",
    "host=elsewhere dbname=postgres",
)
FILES = (*(order.replace("/", ":").encode() for order in ORDERS), b"\xff\xfe\x80", b"a" * 255)
PUT = """
import json, os, sys
for name in json.load(sys.stdin):
    name = name.encode("latin-1")
    folder = os.path.join(os.fsencode(sys.argv[1]), b"names")
    for place in (folder, os.path.join(folder, b"in " + name[:240])):
        os.makedirs(place, exist_ok=True)
        with open(os.path.join(place, name), "wb") as file:
            file.write(name)
"""
LOOK = """
import hashlib, os, sys
found = hashlib.sha256()
number = 0
for place, folders, names in os.walk(os.fsencode(sys.argv[1])):
    folders.sort()
    for name in sorted(names):
        path = os.path.join(place, name)
        found.update(path + b"\\0" + open(path, "rb").read() + b"\\0")
        number += 1
print(number, found.hexdigest())
"""
# What the application has made of its own; a copy of it tells whether all came back.
CATALOGUE = """SELECT md5(string_agg(row::text, ',' ORDER BY row::text)) FROM (
  SELECT n.nspname, c.relname, c.relkind, pg_get_userbyid(c.relowner), a.attname, a.attnum
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0
  WHERE n.nspname !~ '^(pg_|information_schema)') row;"""


def quoted(name: str) -> str:
    """An identifier of SQL.

    >>> quoted('a"b')
    '"a""b"'
    """
    return '"' + name.replace('"', '""') + '"'


def database() -> str:
    """SQL of an administrator: roles and databases with such names, and what the application makes
    with its own. One function runs a program if it ever has the rights of the superuser."""
    lines = [f"DROP ROLE IF EXISTS {quoted(n)}; CREATE ROLE {quoted(n)};" for n in ORDERS]
    lines += [
        "SET SESSION AUTHORIZATION app;",
        "CREATE FUNCTION public.runs() RETURNS int LANGUAGE plpgsql AS $f$ BEGIN"
        f" COPY (SELECT 1) TO PROGRAM 'touch {RAN}'; RETURN 1;"
        " EXCEPTION WHEN insufficient_privilege THEN RETURN 1; END $f$;",
    ]
    for name in ORDERS:
        new, table = quoted(name), f"{quoted(name)}.{quoted(name)}"
        view = quoted(f"view {name[:40]}")
        lines += [
            f"CREATE SCHEMA {new};",
            f"CREATE TABLE {table} ({new} int PRIMARY KEY, {quoted(name + '2')} text);",
            f"INSERT INTO {table} VALUES (1, 'a'), (2, 'b');",
            f"CREATE MATERIALIZED VIEW {new}.{view} AS SELECT public.runs() AS {new};",
        ]
    return "\n".join(lines)


def databases() -> str:
    """Statements that make databases with such names; none runs in a transaction. pgBackRest can't
    read its own list where a database's name has the end of a line in it; no application makes one.
    """
    return "\n".join(f"CREATE DATABASE {quoted(name)};" for name in ORDERS if "\n" not in name)


def put(box: Box) -> None:
    """All of it, on a box."""
    sql(box, f"{databases()}\n{database()}")
    names = "[" + ", ".join(_json(name) for name in FILES) + "]"
    box.ssh(f"runuser -u app -- python3 -c {shlex.quote(PUT)} {UPLOADS}", stdin=names)


def remove(box: Box) -> None:
    """Take it away."""
    kinds = (("DATABASE", ""), ("SCHEMA", " CASCADE"), ("ROLE", ""))
    gone = [f"DROP {kind} IF EXISTS {quoted(n)}{rest};" for n in ORDERS for kind, rest in kinds]
    sql(box, "\n".join([*gone, "DROP FUNCTION IF EXISTS public.runs();"]))
    box.ssh(f"rm -rf {UPLOADS}/names {RAN}")


def _json(name: bytes) -> str:
    return '"' + "".join(f"\\u{byte:04x}" for byte in name) + '"'
