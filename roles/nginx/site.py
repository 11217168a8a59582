"""What is served: everything that Nginx has to know of an application and its domain."""

from dataclasses import dataclass

from roles.tls import TlsConfiguration

from . import routes
from .mounts import Mount
from .routes import Route
from .uploads import Bucket


@dataclass(frozen=True)
class Site:
    """One application on its domain.

    + name: the application's; names the upstream and the site's file
    + domain, aliases: host names, lower case
    + sockets: Unix sockets of its web processes, absolute paths, one each; none of one that is
      only files
    + tls: certificate and protocols
    + static: pairs of a URL prefix, such as /static/, and the directory with its files
    + served: the directory with links to such directories, below their prefix: `live`, then `1`,
      `2`, … to those of `kept` earlier releases
    + mounts: what else Nginx serves by itself, from such directories below `served`
    + routed: paths that go to the processes where a mount has all others
    + routes: further kinds of processes, by path or host name
    + own: paths that stay its web processes' where a route has all others
    + live: the directory of the sockets, which a release moves
    + responses: a link whose end is another one after each switch of releases: by that responses
      are kept
    + uploads: the directory behind /uploads/; empty for none
    + bucket: where those are instead: storage that is asked by HTTP; None for that directory
    + path: of the domain of another site, where this one is; empty for a domain of its own
    + health: the URL path that is answered during maintenance too
    + alone: whether Nginx serves no other one
    """

    name: str
    domain: str
    sockets: tuple[str, ...]
    tls: TlsConfiguration
    aliases: tuple[str, ...] = ()
    static: tuple[tuple[str, str], ...] = ()
    served: str = ""
    kept: int = 0
    mounts: tuple[Mount, ...] = ()
    routed: tuple[str, ...] = ()
    routes: tuple[Route, ...] = ()
    own: tuple[str, ...] = ()
    live: str = ""
    responses: str = ""
    uploads: str = ""
    bucket: Bucket | None = None
    path: str = ""
    health: str = "/health"
    alone: bool = True

    @property
    def root(self) -> bool:
        """Whether a mount has all that nothing else has."""
        return any(mount.url == "/" for mount in self.mounts)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Host names that are one kind of processes' own."""
        return routes.hosts(self.routes)

    @property
    def names(self) -> tuple[str, ...]:
        """Every host name, the domain first."""
        return (self.domain, *self.aliases)

    @property
    def mark(self) -> str:
        """What tells the names of its variables from another site's."""
        return "" if self.alone else f"{self.name}_"
