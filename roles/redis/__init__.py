"""The cache: Redis on the loopback address, bounded and persistent."""

from .held import ASK, SOCKET
from .role import part
from .settings import Redis
from .snippets import takes
from .tuning import claimed_mb, maxmemory_mb
from .users import url, values

__all__ = [
    "ASK",
    "SOCKET",
    "Redis",
    "claimed_mb",
    "maxmemory_mb",
    "part",
    "takes",
    "url",
    "values",
]
