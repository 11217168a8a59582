"""Which of an application's processes answer which paths and host names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .paths import any_of

ROOT = "/"


@dataclass(frozen=True)
class Route:
    """A further kind of processes.

    + name: of its upstream, and of the file beside its sockets that is there as soon as the live
      release has that kind
    + sockets: absolute paths
    + paths, hosts: what it answers; `/` is all that nothing else has
    + timeout: seconds; None for what is usual
    """

    name: str
    sockets: tuple[str, ...]
    paths: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    timeout: int | None = None


@dataclass(frozen=True)
class Server:
    """One block of names that Nginx answers with. route: whose all of it is; None for the site's
    own, where paths decide."""

    names: tuple[str, ...]
    route: Route | None = None


def root(routes: Sequence[Route]) -> Route | None:
    """The one that has all that nothing else has."""
    return next((route for route in routes if ROOT in route.paths), None)


def hosts(routes: Sequence[Route]) -> tuple[str, ...]:
    """All names that are one kind's own."""
    return tuple(host for route in routes for host in route.hosts)


@dataclass(frozen=True)
class Place:
    """What is below one path: whose it is, and the seconds that an answer may take there."""

    path: str
    whose: str
    timeout: int | None = None

    @property
    def expression(self) -> str:
        """It in a regular expression."""
        return any_of([self.path])


def by_path(name: str, routes: Sequence[Route], own: Sequence[str]) -> list[Place]:
    """The paths that somebody has, the longest first. name: of the site's own processes, which
    keep the paths `own` where another kind has the root."""
    every = [(path, route) for route in routes for path in route.paths if path != ROOT]
    found = [Place(path, route.name, route.timeout) for path, route in every]
    if root(routes):
        found += [Place(path, name) for path in own]
    return sorted(found, key=lambda place: (-len(place.path), place.path))


def servers(names: Sequence[str], routes: Sequence[Route]) -> list[Server]:
    """The blocks of a site: its own names, then those that are a kind's alone."""
    return [
        Server(tuple(names)),
        *(Server(route.hosts, route) for route in routes if route.hosts),
    ]
