"""Sites that are below a path of another one's domain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from . import paths as urls
from .buckets import Place, places
from .site import Site

if TYPE_CHECKING:
    from .settings import Nginx


@dataclass(frozen=True)
class Guest:
    """One of them, as the server of its domain has it.

    + name: of its upstream
    + path: all of it and below it is the guest's
    + places: those below it that have limits of their own
    + responses: its link of that name (`Site`)
    + streams: an expression for what streams below it; empty for nothing
    """

    name: str
    path: str
    responses: str = ""
    places: tuple[Place, ...] = ()
    streams: str = ""


def of(site: Site, sites: Sequence[Site]) -> list[Site]:
    """Those below the domain of `site`; none below one that is a guest itself."""
    return [each for each in sites if each.path and each.domain == site.domain and not site.path]


def paths(site: Site, sites: Sequence[Site]) -> list[str]:
    """What of the domain of `site` is a guest's."""
    return [each.path for each in of(site, sites)]


def guest(site: Site, settings: Nginx) -> Guest:
    """How the server of its domain has `site`. Limits and streams are those of the whole path."""
    below = tuple(p for p in places(settings.limits) if _below(p.setting.path, site.path))
    streams = [path for path in settings.stream_paths if _below(path, site.path)]
    return Guest(site.name, site.path, site.responses, below, urls.any_of(streams))


def _below(path: str, prefix: str) -> bool:
    return path == prefix or path.startswith(f"{prefix}/")
