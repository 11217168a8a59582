"""What a web server has to know of TLS: where the certificate is, and which protocols to speak."""

from dataclasses import dataclass

from .settings import Tls

ROOT = "/etc/readyhost/tls"
LIVE = f"{ROOT}/live"
"""A link to the directory of the certificate in use. Whatever obtains a certificate moves the
link; no web server's configuration names the source."""
SELF_SIGNED = f"{ROOT}/self-made"
PROVIDED = f"{ROOT}/given"
"""Hosts have these two folders since both kinds had other names: so they stay."""
DEFAULT_CERTIFICATE = f"{ROOT}/nameless"
"""A certificate that names nobody, for clients that ask for a name that is not served here."""

# Mozilla's Server Side TLS, version 5.7, less its three DHE suites: whoever knows none of these
# six knows no ECDHE, which has been in every browser since 2012, and DHE needs parameters.
INTERMEDIATE = (
    "ECDHE-ECDSA-AES128-GCM-SHA256",
    "ECDHE-RSA-AES128-GCM-SHA256",
    "ECDHE-ECDSA-AES256-GCM-SHA384",
    "ECDHE-RSA-AES256-GCM-SHA384",
    "ECDHE-ECDSA-CHACHA20-POLY1305",
    "ECDHE-RSA-CHACHA20-POLY1305",
)


@dataclass(frozen=True)
class TlsConfiguration:
    """Certificate, protocols and session cache. Each directory holds fullchain.pem, privkey.pem."""

    live: str
    default_certificate: str
    protocols: tuple[str, ...]
    ciphers: tuple[str, ...]
    session_cache_mb: int
    session_hours: int


def tls_configuration(settings: Tls) -> TlsConfiguration:
    """The TlsConfiguration that `settings` ask for; no `ciphers` for TLS 1.3, which has its own."""
    modern = settings.profile == "modern"
    return TlsConfiguration(
        live=LIVE,
        default_certificate=DEFAULT_CERTIFICATE,
        protocols=("TLSv1.3",) if modern else ("TLSv1.2", "TLSv1.3"),
        ciphers=() if modern else INTERMEDIATE,
        session_cache_mb=settings.session_cache_mb,
        session_hours=settings.session_hours,
    )
