"""The connection budget: application, PgBouncer, PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from roles.core.environment import Conflict
from roles.external.sources import databases
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
    for view in settings.applications:
        where = view.app.database
        if where == "none" or (where == "external" and not view.postgres.external.pooled):
            continue
        pool, name = view.app.database_pool, view.app.name
        both, most = RELEASES * pool, view.pgbouncer.pool_size
        if both <= most:
            continue
        if settings.apps:
            yield Conflict(
                (f"apps.{name}.database_pool", f"apps.{name}.share_percent", "pgbouncer.pool_size"),
                f"{pool} connections of each of two releases are {both}, but its share"
                f" (apps.{name}.share_percent, {view.app.share} %) of pgbouncer.pool_size"
                f" ({settings.pgbouncer.pool_size}) is {most}",
            )
        else:
            yield Conflict(
                ("app.database_pool", "pgbouncer.pool_size"),
                f"{pool} connections of each of two releases are {both}, but"
                f" pgbouncer.pool_size is {most}",
            )


def server_fits(settings: Settings) -> Iterator[Conflict]:
    """PgBouncer's pools fit into PostgreSQL's connections less the reserved ones."""
    if not databases(settings):
        return
    database = settings.postgres
    host = settings.host
    wanted = server_connections(host.pgbouncer, host.postgres.further_pools)
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
