"""Whether what runs on a host is still maintained: ends of life, known holes, pending fixes."""

from .role import ASK, part
from .settings import Maintained

__all__ = ["ASK", "Maintained", "part"]
