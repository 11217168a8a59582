"""What the tls role puts on a host itself; a self-signed certificate is the host's own work."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roles.core.entries import Directory, Entry, File, Link

from . import certbot
from .configuration import LIVE, PROVIDED, ROOT, SELF_SIGNED
from .settings import Tls

if TYPE_CHECKING:
    from .provided import Provided


def entries(settings: Tls, provided: Provided | None) -> list[Entry]:
    """The link to the certificate in use and, if it is `provided`, the certificate. Who obtains one
    from an authority has the link to himself.

    A web server is started with these: put them into its configuration, so that a new certificate
    is a pending reload.
    """
    found: list[Entry] = [Directory("/etc/readyhost"), Directory(ROOT)]
    if provided:
        found += [
            Directory(PROVIDED),
            File(f"{PROVIDED}/fullchain.pem", provided.chain),
            File(
                f"{PROVIDED}/privkey.pem", provided.key.get_secret_value(), mode=0o600, secret=True
            ),
        ]
    if settings.certificate == "acme":
        return found
    return [*found, Link(LIVE, PROVIDED if settings.certificate == "provided" else SELF_SIGNED)]


def packages(settings: Tls) -> list[str]:
    """Debian packages that this role needs."""
    acme = certbot.packages(settings.acme) if settings.certificate == "acme" else []
    return ["openssl", *acme]


def pinned_certbot(settings: Tls) -> str:
    """Folder of certbot's own environment on the host, empty when it has none."""
    own = settings.certificate == "acme" and settings.acme.certbot == "pinned"
    return certbot.environment(settings.acme).current if own else ""
