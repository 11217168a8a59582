"""The connection budget: application, PgBouncer, PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from roles.core.environment import Conflict
from roles.pgbouncer.pools import server_connections
from roles.postgres.connection import available_connections

if TYPE_CHECKING:
    from settings import Settings

RELEASES = 2  # that run beside each other during a switch


def pool_fits(settings: Settings) -> Iterator[Conflict]:
    """The application's pool fits into PgBouncer's, or requests wait for connections in vain.

    That of two releases: the former one keeps its connections until the watch of the new one is
    over. How many hosts there are makes no difference: each has a database of its own.
    """
    pool = settings.app.database_pool
    both = RELEASES * pool
    if both > settings.pgbouncer.pool_size:
        yield Conflict(
            ("app.database_pool", "pgbouncer.pool_size"),
            f"{pool} connections of each of two releases are {both}, but"
            f" pgbouncer.pool_size is {settings.pgbouncer.pool_size}",
        )


def server_fits(settings: Settings) -> Iterator[Conflict]:
    """PgBouncer's pools fit into PostgreSQL's connections less the reserved ones."""
    database = settings.postgres
    further = {name: each.pool_size for name, each in database.databases.items()}
    wanted = server_connections(settings.pgbouncer, further)
    free = available_connections(database)
    if wanted > free:
        yield Conflict(
            (
                "pgbouncer.pool_size",
                "postgres.max_connections",
                "postgres.reserved_connections",
                "postgres.databases",
            ),
            f"PgBouncer's pools take {wanted} connections in all, but postgres.max_connections"
            f" ({database.max_connections}) less the reserved ones"
            f" ({database.reserved_connections}) are {free}",
        )
