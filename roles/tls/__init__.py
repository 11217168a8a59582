"""The host's certificate: self-made, given, or from an authority that speaks ACME."""

from .files import entries, packages
from .given import Given, covers, read
from .role import obtain, tls
from .settings import Tls
from .transport import Transport, transport

__all__ = [
    "Given",
    "Tls",
    "Transport",
    "covers",
    "entries",
    "obtain",
    "packages",
    "read",
    "tls",
    "transport",
]
