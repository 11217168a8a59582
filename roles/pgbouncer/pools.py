"""The connection budget: how many server connections each pool may hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from roles.postgres.connection import LOOKUPS

from .settings import PgBouncer

OWN_FILES = 64  # sockets, log, epoll, the resolver
STEP = 1024  # open files are a multiple: a limit that changes takes a restart


@dataclass(frozen=True)
class Pool:
    """The server connections for one database: `size` for a user, `limit` for all of them."""

    database: str
    size: int

    @property
    def limit(self) -> int:
        """All connections to this database, those that look passwords up included."""
        return self.size + LOOKUPS


def pools(settings: PgBouncer, main: str, further: Mapping[str, int]) -> list[Pool]:
    """The pool of the database `main`, then those of `further` ones, sizes by name."""
    return [Pool(main, settings.pool_size), *(Pool(name, size) for name, size in further.items())]


def server_connections(settings: PgBouncer, further: Mapping[str, int]) -> int:
    """Connections to PostgreSQL that PgBouncer holds at most: what max_connections must have."""
    return settings.pool_size + sum(further.values()) + LOOKUPS


def open_files(settings: PgBouncer, further: Mapping[str, int]) -> int:
    """File descriptors that it takes with every client and every server connected, rounded up."""
    needed = settings.max_clients + server_connections(settings, further) + OWN_FILES
    return -(-needed // STEP) * STEP
