"""What the tls role puts on a host itself; a self-made certificate is the host's own work."""

from roles.core.entries import Directory, Entry, File, Link

from . import certbot
from .given import Given
from .settings import Tls
from .transport import GIVEN, LIVE, ROOT, SELF_MADE


def entries(settings: Tls, given: Given | None) -> list[Entry]:
    """The link to the certificate in use and, if it is `given`, the certificate. Who obtains one
    from an authority has the link to himself.

    A web server is started with these: put them into its configuration, so that a new certificate
    is a reload that is owed.
    """
    found: list[Entry] = [Directory("/etc/readyhost"), Directory(ROOT)]
    if given:
        found += [
            Directory(GIVEN),
            File(f"{GIVEN}/fullchain.pem", given.chain),
            File(f"{GIVEN}/privkey.pem", given.key.get_secret_value(), mode=0o600, secret=True),
        ]
    if settings.certificate == "acme":
        return found
    return [*found, Link(LIVE, GIVEN if settings.certificate == "given" else SELF_MADE)]


def packages(settings: Tls) -> list[str]:
    """Debian packages that this role needs."""
    acme = certbot.packages(settings.acme) if settings.certificate == "acme" else []
    return ["openssl", *acme]
