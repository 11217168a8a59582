"""PostgreSQL, tuned to the host, with its roles, databases and maintenance.

Others need of it: `Postgres` (settings), `postgres(settings, machine)` (the role),
`packages`, `entries`, `url` (DATABASE_URL), `share_mb` (memory it is sized for),
`available_connections` (what PgBouncer's pools must fit).
"""

from .connection import available_connections, url
from .files import Cluster, cluster, entries, packages
from .role import postgres
from .settings import Database, Postgres, Role
from .tuning import Tuning, share_mb, tune

__all__ = [
    "Cluster",
    "Database",
    "Postgres",
    "Role",
    "Tuning",
    "available_connections",
    "cluster",
    "entries",
    "packages",
    "postgres",
    "share_mb",
    "tune",
    "url",
]
