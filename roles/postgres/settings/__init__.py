"""What an environment says about its database: a file for each concern."""

from __future__ import annotations

from .capacity import Capacity
from .content import Content
from .limits import Limits
from .people import Database, Role
from .place import Place
from .upkeep import Upkeep

__all__ = ["Database", "Postgres", "Role"]


# The bases are in reverse: pydantic collects fields from the last base first.
class Postgres(Upkeep, Limits, Capacity, Place, Content):
    """The server, its main database and who may use it."""
