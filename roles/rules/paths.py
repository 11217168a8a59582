"""What is demanded of an application that is below a path of another one's domain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from roles.core.environment import Conflict
from roles.handed.site import path

if TYPE_CHECKING:
    from settings import Settings


def paths_are_free(settings: Settings) -> Iterator[Conflict]:
    """One application has the domain itself; of what it has there nothing is a path's."""
    for view in settings.applications:
        if path(view):
            yield from _wrong(view, settings)


def _wrong(view: Settings, settings: Settings) -> Iterator[Conflict]:
    own, key = path(view), f"apps.{view.app.name}"
    here = [each for each in settings.applications if each.domain == view.domain]
    owners = [each for each in here if not path(each)]
    if not owners:
        said = f"no application has {view.domain} itself: leave one of its paths out"
        yield Conflict((f"{key}.path", f"{key}.domain"), said)
    elif taken := [each for each in _taken(owners[0]) if _meet(own, each)]:
        owner = owners[0].app.name
        yield Conflict((f"{key}.path",), f"{taken[0]} is of {owner}, which has {view.domain}")
    if [path(each) for each in here].count(own) > 1:
        yield Conflict((f"{key}.path",), f"{own} is another one's too")
    if view.aliases:
        yield Conflict((f"{key}.aliases",), "with a path it has no names of its own")
    app = view.app
    parts = {"static": app.static, "mounts": app.mounts, "http": app.http, "bucket": app.bucket.url}
    for name in (name for name, given in parts.items() if given):
        yield Conflict((f"{key}.{name}",), "with a path its processes answer everything")
    if app.kind == "static":
        yield Conflict((f"{key}.kind",), "with a path its processes answer everything")
    if not app.health.path.startswith(f"{own}/"):
        said = f"with a path it is asked for the whole of it: {own}{app.health.path}"
        yield Conflict((f"{key}.health.path",), said)


def _taken(owner: Settings) -> list[str]:
    """Paths that the one with the domain has for something already."""
    app = owner.app
    mounts = [mount.url.rstrip("/") for mount in app.mounts if mount.url != "/"]
    http = [each for kind in app.http.values() for each in kind.paths if each != "/"]
    static = ["/static"] if app.static else []
    return ["/uploads", *static, *mounts, *http, *app.web.paths, app.health.path]


def _meet(one: str, other: str) -> bool:
    """Whether one of them is the other, or below it."""
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")
