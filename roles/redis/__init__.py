"""The cache: Redis on the loopback address, bounded and persistent."""

from .files import entries, packages
from .role import redis
from .settings import Redis
from .tuning import claimed_mb, maxmemory_mb
from .users import url

__all__ = ["Redis", "claimed_mb", "entries", "maxmemory_mb", "packages", "redis", "url"]
