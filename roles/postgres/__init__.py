"""PostgreSQL, tuned to the host, with its roles, databases and maintenance.

Others need of it: `Postgres` (settings), `part` (what it makes of a host),
`url` (DATABASE_URL), `share_mb` (memory it is sized for),
`available_connections` (what PgBouncer's pools must fit), `RESTORED` (SQL after a restore).
"""

from .connection import available_connections, url, values
from .extensions import RESTORED
from .files import Cluster, cluster
from .lost import ask
from .role import part
from .settings import Database, Postgres, Role
from .snippets import takes
from .tuning import Tuning, share_mb, tune
from .wanted import logins

__all__ = [
    "RESTORED",
    "Cluster",
    "Database",
    "Postgres",
    "Role",
    "Tuning",
    "ask",
    "available_connections",
    "cluster",
    "logins",
    "part",
    "share_mb",
    "takes",
    "tune",
    "url",
    "values",
]
