"""What the tls role puts on a host itself; a self-made certificate is the host's own work."""

from roles.core.entries import Directory, Entry, File, Link

from .given import Given
from .settings import Tls
from .transport import GIVEN, LIVE, ROOT, SELF_MADE


def entries(settings: Tls, given: Given | None) -> list[Entry]:
    """The link to the certificate in use and, if it is `given`, the certificate.

    A web server is started with these: put them into its configuration, so that a new certificate
    is a reload that is owed.
    """
    live = Link(LIVE, GIVEN if settings.certificate == "given" else SELF_MADE)
    found: list[Entry] = [Directory("/etc/readyhost"), Directory(ROOT)]
    if given:
        found += [
            Directory(GIVEN),
            File(f"{GIVEN}/fullchain.pem", given.chain),
            File(f"{GIVEN}/privkey.pem", given.key.get_secret_value(), mode=0o600, secret=True),
        ]
    return [*found, live]


def packages() -> list[str]:
    """Debian packages that this role needs."""
    return ["openssl"]
