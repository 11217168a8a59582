"""PgBouncer in front of PostgreSQL: pools from the connection budget.

Others need of it: `PgBouncer` (settings), `part` (what it makes of a host), `url`
(DATABASE_URL) and `server_connections` (what max_connections must have for the pools).
"""

from .connection import url, values
from .elsewhere import Elsewhere
from .pools import Pool, open_files, server_connections
from .role import part
from .settings import PgBouncer

__all__ = [
    "Elsewhere",
    "PgBouncer",
    "Pool",
    "open_files",
    "part",
    "server_connections",
    "url",
    "values",
]
