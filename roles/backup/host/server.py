"""Asking a PostgreSQL server, the live one or one that a drill started."""

from __future__ import annotations

from .configuration import Cluster
from .errors import BackupError
from .process import attempt, run

USER = "postgres"


def sql(
    cluster: Cluster,
    statements: str,
    database: str = "postgres",
    *,
    port: int | None = None,
    socket: str = "/run/postgresql",
) -> str:
    """What psql prints: no header, columns with | between. Raises BackupError."""
    command = [
        *("psql", "-XAtq", "-v", "ON_ERROR_STOP=1"),
        *("-h", socket, "-p", str(port or cluster.port), "-d", database),
    ]
    return run(command, user=USER, stdin=f"SET statement_timeout = 0;\n{statements}").strip()


def answers(cluster: Cluster) -> bool:
    """Whether the live server does."""
    command = ["psql", "-XAtq", "-p", str(cluster.port), "-c", "SELECT 1"]
    return attempt(command, user=USER, env={"PGCONNECT_TIMEOUT": "5"}).returncode == 0


def is_replica(cluster: Cluster) -> bool:
    """Whether it follows another server."""
    return sql(cluster, "SELECT pg_is_in_recovery();") == "t"


def identity(cluster: Cluster) -> str:
    """The number that tells this database system from every other one."""
    text = run([f"{cluster.bin}/pg_controldata", cluster.data], env={"LC_ALL": "C"})
    for line in text.splitlines():
        if line.startswith("Database system identifier:"):
            return line.split(":")[1].strip()
    raise BackupError(f"{cluster.data} is no database")
