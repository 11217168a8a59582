"""What an environment says about its database: a file for each concern."""

from __future__ import annotations

from pydantic import PrivateAttr

from .capacity import Capacity
from .content import Content
from .limits import Limits
from .maintenance import Maintenance
from .people import Database, Role
from .place import Place

__all__ = ["Database", "Postgres", "Role"]


# The bases are in reverse: pydantic collects fields from the last base first.
class Postgres(Maintenance, Limits, Capacity, Place, Content):
    """The server, its main database and who may use it."""

    # Of several applications on the host: those of the others, and what the pooler may hold for
    # this one's database.
    _others: tuple[Postgres, ...] = PrivateAttr(())
    _pool: int = PrivateAttr(0)

    @property
    def tenants(self) -> tuple[Postgres, ...]:
        """This one, and those of the other applications that use the same server."""
        return (self, *self._others)

    @property
    def further_pools(self) -> dict[str, int]:
        """Server connections of the pooler by database, but for the main one's."""
        named = {name: database.pool_size for name, database in self.databases.items()}
        return named | {other.database: other._pool for other in self._others}

    @property
    def own_pools(self) -> int:
        """Server connections of the pooler for this one's databases alone."""
        return self._pool + sum(database.pool_size for database in self.databases.values())
