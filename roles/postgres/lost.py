"""A database that had something and has nothing now: that is a restore, and not a run."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from datetime import datetime, timezone

from roles.core.machine import Machine
from roles.core.state import STATE

from .quoting import connect, literal
from .session import answers, psql
from .settings import Postgres

HELD = f"{STATE}/held"
"""A file for each database that had tables when a run looked; its time is that of the last look.
The question writes them: what a release makes in a database comes after the last change to it."""

_PLAIN = re.compile(r"[A-Za-z0-9_-]+")
_STANDING = """
SELECT 'told standing ' || datname FROM pg_database
WHERE datallowconn AND NOT datistemplate AND datname <> 'postgres' AND datname ~ '^[A-Za-z0-9_-]+$';
"""
_LOOK = """
SELECT EXISTS (SELECT FROM pg_database WHERE datname = {name} AND datallowconn) AS here \\gset
\\if :here
{connect}
SELECT 'told database ' || {name} || CASE WHEN EXISTS (
  SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace
  WHERE relkind IN ('r', 'p') AND nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = c.oid AND deptype = 'e'))
  THEN ' full' ELSE ' empty' END;
\\endif
"""


def _names(settings: Postgres) -> list[str]:
    """The databases that are looked at: those whose names are plain words."""
    names = [*(each.database for each in settings.tenants), *settings.databases]
    return [name for name in names if _PLAIN.fullmatch(name)]


def ask(settings: Postgres, *, note: bool = True) -> str:
    """Shell for the machine's question: `lost` answers with what it prints. note: whether the host
    is to remember which databases had tables."""
    names = _names(settings)
    query = (
        "SELECT 'told databases';"
        + _STANDING
        + "".join(_LOOK.format(name=literal(name), connect=connect(name)) for name in names)
    )
    noted = f"""echo "$said" |
  sed -n 's/^told database \\(.*\\) full$/\\1/p' | while read -r name; do
    ( umask 077; mkdir -p {HELD}; touch {HELD}/"$name" )
  done"""
    return f"""
if {answers(settings.port)}; then
  ( cd {HELD} && stat -c 'told held %n %Y' -- * ) 2>/dev/null
  said=$(printf %s {shlex.quote(query)} | ( {psql(settings.port)} ) 2>/dev/null) && echo "$said"
  {noted if note else ":"}
fi
"""


def forgotten(settings: Postgres, machine: Machine) -> str:
    """The note of a database that is to begin empty, which a run removes when there is an empty
    one: a run that is refused or only asks forgets nothing. Empty for none."""
    name = settings.start_empty
    had = name in {each for each, _ in machine.tells("held")}
    full = dict(machine.tells("database")).get(name or "") == "full"
    return f"{HELD}/{name}" if had and not full else ""


def lost(settings: Postgres, machine: Machine, *, released: bool, of: str = "") -> Iterator[str]:
    """A sentence for each database that is gone, or has no table left, though this host had it.

    released: whether a release is live here, which has the first of the databases. of: the name of
    one of several applications.
    """
    if not machine.tells("databases"):
        return  # no server has answered
    now = dict(machine.tells("database"))
    held = {name: int(when) for name, when in machine.tells("held")}
    for name in _names(settings):
        gone = name not in now
        had = name in held or (gone and released and name == settings.database)
        if not had or name == settings.start_empty or now.get(name) == "full":
            continue
        what = "is gone" if gone else "has no table any more"
        yield (
            f"database {name} {what}, and a run would put an empty one in its place. Take its data"
            f' back with pyinfra INVENTORY restore.py --data restore.to="{_moment(held.get(name))}"'
            f" (UTC), or have it begin empty with --data postgres.start_empty={name}"
            f"{_former(settings, machine, of) if gone and name not in held else ''}"
        )


def _former(settings: Postgres, machine: Machine, of: str) -> str:
    """What to set where the application has always had another database; empty for none."""
    others = {name for (name,) in machine.tells("standing")} - set(_names(settings))
    if not others:
        return ""
    table = f"apps.{of}.database" if of else "postgres"
    key = "name" if of else "database"
    return (
        f". This host has {' and '.join(sorted(others))} too: is that the application's, set"
        f" {table}.{key} to it, and {table}.user to its owner"
    )


def _moment(when: int | None) -> str:
    """The last moment at which a run saw it whole, UTC, as restore.to takes it."""
    if when is None:
        return "YYYY-MM-DD HH:MM:SS"
    return datetime.fromtimestamp(when, timezone.utc).strftime("%Y-%m-%d %H:%M:%S")
