"""What is served: everything that Nginx has to know of an application and its domain."""

from dataclasses import dataclass

from roles.tls import Transport


@dataclass(frozen=True)
class Site:
    """One application on its domain.

    + name: the application's; names the upstream and the site's file
    + domain, aliases: host names, lower case
    + sockets: Unix sockets of its web processes, absolute paths, one each
    + transport: certificate and protocols
    + static: pairs of a URL prefix, such as /static/, and the directory with its files
    + uploads: the directory behind /uploads/; empty for none
    + health: the URL path that is answered during maintenance too
    """

    name: str
    domain: str
    sockets: tuple[str, ...]
    transport: Transport
    aliases: tuple[str, ...] = ()
    static: tuple[tuple[str, str], ...] = ()
    uploads: str = ""
    health: str = "/health"

    @property
    def names(self) -> tuple[str, ...]:
        """Every host name, the domain first."""
        return (self.domain, *self.aliases)
