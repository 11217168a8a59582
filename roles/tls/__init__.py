"""The host's certificate: self-signed, provided, or from an authority that speaks ACME."""

from .configuration import TlsConfiguration
from .files import pinned_certbot
from .role import Certificate, certificate
from .settings import Tls

__all__ = [
    "Certificate",
    "Tls",
    "TlsConfiguration",
    "certificate",
    "pinned_certbot",
]
