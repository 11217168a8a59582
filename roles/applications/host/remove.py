"""Removes what is kept of an application that was taken out of the settings; for good.

What is asked of PostgreSQL is said by standard input: command lines are everybody's.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from roles.core.host.shown import plain_terminals

from . import keys

NAME = re.compile(r"[a-z][a-z0-9-]{0,19}")
STATE = Path("/var/lib/readyhost")
KEPT = "kept.json"
SECOND = "_b"  # ends the name of the application's second login
OPERATOR = Path("/etc/redis/operator")
PATIENCE = 300  # seconds for one step


class Refused(Exception):
    """Why nothing, or not all, is removed."""


def main(arguments: Sequence[str], root: Path = Path("/")) -> int:
    """`NAME` says what would go, `NAME --yes` removes it. Exit status: 0, or 1 with the reason."""
    plain_terminals()
    names = [each for each in arguments if each != "--yes"]
    try:
        if len(names) != 1:
            raise Refused("name one application")
        name = names[0]
        kept = known(name, root)
        for line in described(name, kept, root):
            print(line)
        if "--yes" not in arguments:
            print(f"nothing was removed: say `remove {name} --yes`")
            return 0
        remove(name, kept, root)
    except Refused as error:
        print(f"not removed: {error}", file=sys.stderr)
        return 1
    print(f"{name} is removed; its backups go as the others do, by their age")
    return 0


def known(name: str, root: Path = Path("/")) -> dict[str, Any]:
    """What was noted of an application that is gone. Raises Refused for one that the settings
    still name, and for what is none."""
    if not NAME.fullmatch(name):
        raise Refused(f"{name!r} is no application's name")
    manifest = root / STATE.relative_to("/") / "manifest" / f"app-{name}"
    if manifest.exists() and manifest.stat().st_size:
        raise Refused(
            f"{name} is in the settings of the last run: take [apps.{name}] out and run deploy.py"
        )
    try:
        return dict(json.loads((root / "etc" / name / KEPT).read_text()))
    except (OSError, ValueError):
        raise Refused(f"nothing is kept here of an application {name}") from None


def folders(name: str, root: Path = Path("/")) -> list[Path]:
    """Those of the application that are there; what is noted of it is in the last."""
    places = (f"srv/{name}", f"var/log/{name}", f"run/{name}", f"etc/{name}")
    return [path for path in (root / place for place in places) if path.is_dir()]


def described(name: str, kept: dict[str, Any], root: Path = Path("/")) -> list[str]:
    """What goes, a line each."""
    return [
        *([f"the database {kept['database']} and its role"] if kept["database"] else []),
        *([f"the keys of Redis that begin with {name}:"] if kept.get("redis", True) else []),
        *(f"{path}" for path in folders(name, root)),
        f"the users {name} and {name}-build",
    ]


def remove(name: str, kept: dict[str, Any], root: Path = Path("/")) -> None:
    """Do it; again where it was ended half-way. The note of what is kept goes last."""
    if kept["database"]:
        _database(kept["database"])
        (root / STATE.relative_to("/") / "held" / kept["database"]).unlink(missing_ok=True)
    if kept.get("redis", True):
        _keys(f"{name}:")
    for user in (name, f"{name}-build"):
        _run(["userdel", user], forgiven=(6,))
    for folder in folders(name, root):
        shutil.rmtree(folder)


def identifier(name: str) -> str:
    """A name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def _database(name: str) -> None:
    if name not in _sql("SELECT datname FROM pg_database;").splitlines():
        return
    owner = _sql(
        "SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'public';", name
    )
    _sql(f"DROP DATABASE {identifier(name)} WITH (FORCE);")
    for role in (f"{owner}{SECOND}", owner):
        if owner and owner != "postgres":
            _sql(f"DROP ROLE IF EXISTS {identifier(role)};")


def _sql(text: str, database: str = "postgres") -> str:
    where = f"dbname='{database}'"
    command = ["runuser", "-u", "postgres", "--", "psql", "-XAtq", "-v", "ON_ERROR_STOP=1"]
    guarded = f"SET search_path = pg_catalog, pg_temp;\n{text}\n"
    return _run([*command, "-p", str(_port()), "-d", where], guarded).strip()


def _port() -> int:
    for file in Path("/etc/postgresql").glob("*/main/conf.d/readyhost.conf"):
        if found := re.search(r"^port = (\d+)", file.read_text(), re.MULTILINE):
            return int(found[1])
    return 5432


def _keys(prefix: str) -> None:
    try:
        keys.remove(prefix, OPERATOR.read_text())
    except (OSError, keys.Wrong) as error:
        raise Refused(f"Redis: {error}") from None


def _run(command: Sequence[str], text: str = "", forgiven: Sequence[int] = ()) -> str:
    done = subprocess.run(
        command, input=text, capture_output=True, text=True, check=False, timeout=PATIENCE, cwd="/"
    )
    if done.returncode and done.returncode not in forgiven:
        raise Refused(f"{command[0]}: {done.stderr.strip() or done.stdout.strip()}")
    return done.stdout
