"""What a host measures of itself: Prometheus, exporters on loopback, and facts of its own."""

from .access import accounts, answers, asks
from .credentials import ASK, redis_fingerprint
from .elsewhere import Scraped, configuration, scraped
from .ending import ALL_UNITS
from .exporters import ports
from .files import Around, Watched
from .mode import is_local, is_on, is_remote
from .names import DATABASE_ROLE, REDIS_USER, STATUS_PORT
from .role import part
from .sending import Sent, sent
from .settings import Monitoring

__all__ = [
    "ALL_UNITS",
    "ASK",
    "DATABASE_ROLE",
    "REDIS_USER",
    "STATUS_PORT",
    "Around",
    "Monitoring",
    "Scraped",
    "Sent",
    "Watched",
    "accounts",
    "answers",
    "asks",
    "configuration",
    "is_local",
    "is_on",
    "is_remote",
    "part",
    "ports",
    "redis_fingerprint",
    "scraped",
    "sent",
]
