"""The host's certificate: one that it makes itself, or one that is given."""

from .files import entries, packages
from .given import Given, covers, read
from .role import tls
from .settings import Tls
from .transport import Transport, transport

__all__ = ["Given", "Tls", "Transport", "covers", "entries", "packages", "read", "tls", "transport"]
