"""PgBouncer in front of PostgreSQL: pools from the connection budget.

Others need of it: `PgBouncer` (settings), `pgbouncer(settings, machine, server)` (the role, where
`server` are the settings of the PostgreSQL server on the same host), `packages`, `entries`, `url`
(DATABASE_URL) and `server_connections` (what max_connections must have for the pools).
"""

from .connection import url
from .files import entries, packages
from .pools import Pool, open_files, pools, server_connections
from .role import pgbouncer
from .settings import PgBouncer

__all__ = [
    "PgBouncer",
    "Pool",
    "entries",
    "open_files",
    "packages",
    "pgbouncer",
    "pools",
    "server_connections",
    "url",
]
