"""With whose rights each part of a dump is restored.

A dump holds what the application wrote: functions, and the constraints, indexes, columns and
triggers that call them. They run with the rights of whoever restores them, so that is the owner of
the application's data, logged in as such: in a session of the superuser SET ROLE could be undone.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import NamedTemporaryFile
from typing import IO, NamedTuple

from . import server
from .configuration import Cluster
from .errors import BackupError, advised
from .process import run
from .server import USER

# Made by the superuser in a database that is empty but for the owner's schemas: extensions, whose
# lines name no owner, with their schema, what refuses others to the owner meanwhile
# (roles/postgres/extensions.py), and what PgBouncer asks for passwords.
_FIRST = re.compile(
    r"\d+; \d+ \d+ (?:(?:COMMENT - )?EXTENSION .* |(?:SCHEMA -|ACL - SCHEMA) extensions postgres"
    r"|FUNCTION extensions only_listed\(\) postgres|EVENT TRIGGER - only_listed_extensions postgres"
    r"|.*\bpgbouncer\b.* postgres)$"
)
_SCHEMA = re.compile(r"\d+; \d+ \d+ SCHEMA - ")

OWNER = """SELECT pg_get_userbyid(grantee) FROM pg_database, aclexplode(datacl)
WHERE datname = current_database() AND privilege_type = 'CREATE' AND grantee <> datdba;"""


class Parts(NamedTuple):
    """Lines of a dump's list: the owner's schemas, what the superuser makes in an empty database,
    all that is the owner's, and what the superuser has made beside it."""

    schemas: list[str]
    first: list[str]
    own: list[str]
    last: list[str]


def parts(listing: str) -> Parts:
    """Who restores what, by what `pg_restore --list` prints: each line ends with its owner, and
    that of an extension with none. Of a name only what ends a line here is taken out there: other
    separators that Python knows (U+2028) would make two lines of one, with an owner in its middle.
    """
    found = Parts([], [], [], [])
    for line in listing.split("\n"):
        if not line or line.startswith(";"):
            continue
        if _FIRST.match(line):
            found.first.append(line)
        elif line.endswith(f" {USER}"):
            found.last.append(line)
        elif _SCHEMA.match(line):
            found.schemas.append(line)
        else:
            found.own.append(line)
    return found


def owner(cluster: Cluster, database: str) -> str:
    """The role whose the contents of a database are: the one that may make schemas in it, which
    only the superuser grants."""
    found = server.sql(cluster, OWNER, database).splitlines()
    if len(found) != 1:
        raise BackupError(
            advised(f"whose the contents of {database} are is not said: run deploy.py, then again")
        )
    return found[0]


MADE = """SELECT coalesce(json_agg(nspname), '[]') FROM pg_namespace
WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema';"""


def prepare(cluster: Cluster, file: IO[bytes], database: str, role: str) -> None:
    """The part of a dump that the superuser makes first, in an empty `database` that nobody else
    may connect to yet: the schemas, which become `role`'s, and the extensions."""
    found = _parts(file)
    _restore(cluster, file, database, found.schemas, USER)
    # A dump does not say whose the schema public is, with which each database begins.
    for schema in json.loads(server.sql(cluster, MADE, database)):
        server.sql(
            cluster,
            'ALTER SCHEMA :"schema" OWNER TO :"owner";',
            database,
            schema=schema,
            owner=role,
        )
    _restore(cluster, file, database, found.first, USER)


def restore(cluster: Cluster, file: IO[bytes], database: str, role: str) -> None:
    """The rest of a dump, what is `role`'s with the rights of that role."""
    found = _parts(file)
    _restore(cluster, file, database, found.own, role)
    _restore(cluster, file, database, found.last, USER)


def protect(cluster: Cluster, guard: str, database: str) -> None:
    """Give a database that comes from elsewhere the guard against extensions, if it has none: its
    owner could make them with the superuser's rights until the next run."""
    said = server.sql(cluster, guard, database)
    if said and said != "guarded":
        print(
            f"{database} is not guarded against extensions: its schema extensions {said}."
            " deploy.py says what to do"
        )


def _parts(file: IO[bytes]) -> Parts:
    file.seek(0)
    return parts(run(["pg_restore", "--list"], user=USER, stdin=file))


def _restore(
    cluster: Cluster, file: IO[bytes], database: str, lines: list[str], rights: str
) -> None:
    if not lines:
        return
    with _list(lines) as path:
        file.seek(0)
        command = ["pg_restore", "--exit-on-error", "--no-owner", "-L", path]
        where = ["-h", server.SOCKET, "-p", str(cluster.port), "-U", rights, "-d", database]
        run([*command, *where], user=USER, env=server.session(rights), stdin=file)


@contextmanager
def _list(lines: list[str]) -> Iterator[str]:
    with NamedTemporaryFile("w", dir="/run", prefix="restore-", suffix=".list") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        run(["chown", USER, file.name])
        yield file.name
