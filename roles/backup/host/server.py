"""Asking a PostgreSQL server, the live one or one that a drill started."""

from __future__ import annotations

import json

from .configuration import Cluster
from .errors import BackupError
from .process import attempt, run
from .session import OWNERS

USER = "postgres"
SOCKET = "/run/postgresql"


def sql(
    cluster: Cluster,
    statements: str,
    place: str = "postgres",
    *,
    port: int | None = None,
    socket: str = SOCKET,
    role: str = USER,
    **variables: str,
) -> str:
    """What psql prints: no header, columns with | between. Raises BackupError.

    place: the database. role: who logs in; postgres may as each role that logs in (pg_ident.conf).
    variables: what psql quotes where the statements have :"NAME", an identifier, or :'NAME', text.
    """
    command = [
        *("psql", "-XAtq", "-v", "ON_ERROR_STOP=1"),
        *(word for name, value in variables.items() for word in ("-v", f"{name}={value}")),
        *("-h", socket, "-p", str(port or cluster.port), "-U", role),
    ]
    # -d would take a name with = in it for a whole connection's settings
    env = {**session(role), "PGDATABASE": place}
    return run(command, user=USER, env=env, stdin=statements).strip()


def databases(
    cluster: Cluster, *, port: int | None = None, socket: str = SOCKET, templates: bool = False
) -> list[str]:
    """The names of those that one may connect to, whatever is in a name."""
    wanted = "datallowconn" if templates else "datallowconn AND NOT datistemplate"
    query = f"SELECT json_agg(datname ORDER BY datname) FROM pg_database WHERE {wanted};"  # noqa: S608
    return list(json.loads(sql(cluster, query, port=port, socket=socket)))


def session(role: str) -> dict[str, str]:
    """How a session of `role` begins, where it is not the superuser's."""
    return {} if role == USER else {"PGOPTIONS": OWNERS}


def answers(cluster: Cluster) -> bool:
    """Whether the live server does."""
    command = ["psql", "-XAtq", "-p", str(cluster.port), "-c", "SELECT 1"]
    return attempt(command, user=USER, env={"PGCONNECT_TIMEOUT": "5"}).returncode == 0


def is_replica(cluster: Cluster) -> bool:
    """Whether it follows another server."""
    return sql(cluster, "SELECT pg_is_in_recovery();") == "t"


def identity(cluster: Cluster) -> str:
    """The number that tells this database system from every other one."""
    command = [f"{cluster.bin}/pg_controldata", cluster.data]
    text = run(command, user=USER, env={"LC_ALL": "C"})
    for line in text.splitlines():
        if line.startswith("Database system identifier:"):
            return line.split(":")[1].strip()
    raise BackupError(f"{cluster.data} is no database")
