"""What a host measures of itself: Prometheus, exporters on loopback, and facts of its own."""

from .access import ASKS, accounts, answers
from .credentials import ASK, redis_fingerprint
from .exporters import ports
from .files import Around, Watched
from .mode import is_on
from .names import DATABASE_ROLE, REDIS_USER, STATUS_PORT
from .role import ALL_UNITS, part
from .settings import Monitoring

__all__ = [
    "ALL_UNITS",
    "ASK",
    "ASKS",
    "DATABASE_ROLE",
    "REDIS_USER",
    "STATUS_PORT",
    "Around",
    "Monitoring",
    "Watched",
    "accounts",
    "answers",
    "is_on",
    "part",
    "ports",
    "redis_fingerprint",
]
