"""What Nginx serves of an application by itself: a list of places, each a URL and a folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from . import http

if TYPE_CHECKING:
    from .settings.fields import Fields
    from .settings.mount import Mount

STATIC = "static"
"""The key of app.static, and of a mount at /static/."""


def key(url: str) -> str:
    """The name of a mount's folder of links on the host.

    >>> key("/"), key("/static/"), key("/admin/app/")
    ('_', 'static', 'admin_app')
    """
    return url.strip("/").replace("/", "_") or "_"


def place(settings: Fields, mount: Mount) -> str:
    """The folder of a mount, from that of the release; empty for all of it."""
    part = settings.builds.get(mount.build or "")
    parts = [part.directory, part.output] if part else []
    return "/".join(each for each in [*parts, mount.folder] if each)


def defined(settings: Fields) -> list[dict[str, Any]]:
    """The mounts as a release definition has them. apart: what of their URLs is not theirs."""
    urls = [mount.url for mount in settings.mounts] + (["/static/"] if settings.static else [])
    return [
        {
            "url": mount.url,
            "key": key(mount.url),
            "folder": place(settings, mount),
            "fallback": mount.fallback,
            "apart": [*(u for u in urls if u != mount.url), "/uploads/", *routed(settings)],
        }
        for mount in settings.mounts
    ]


def folders(settings: Fields) -> list[str]:
    """Folders of all mounts, in which files are compressed when they are built."""
    return sorted({place(settings, mount) for mount in settings.mounts})


def routed(settings: Fields) -> tuple[str, ...]:
    """Paths that go to the processes where a mount has all others."""
    if settings.kind == "static":
        return ()
    asked = settings.health.path.partition("?")[0]
    return tuple(dict.fromkeys([*settings.web.paths, *http.paths(settings), asked]))


def same(settings: Fields) -> str:
    """What tells two sets of mounts apart; empty for none."""
    return json.dumps(defined(settings)) if settings.mounts else ""


def wrong(settings: Fields) -> str:
    """Why the settings' builds and mounts do not go together; empty when they do."""
    urls = [mount.url for mount in settings.mounts]
    for mount in settings.mounts:
        part = settings.builds.get(mount.build or "")
        if mount.build and not part:
            return f"mounts: {mount.build!r} is none of app.builds"
        if urls.count(mount.url) > 1 or (settings.static and mount.url == "/static/"):
            return f"mounts: {mount.url} is served twice"
        if mount.url.startswith("/uploads/"):
            return "mounts: /uploads/ is what visitors have uploaded"
    return _static(settings) or _overlap(settings)


def _static(settings: Fields) -> str:
    if settings.kind != "static":
        return ""
    if not settings.mounts:
        return 'kind "static" needs app.mounts: which folder Nginx serves'
    if settings.workers or settings.jobs or settings.release_steps or settings.web.command:
        return 'kind "static" runs nothing: no web.command, workers, jobs or release_steps'
    return ""


def _overlap(settings: Fields) -> str:
    """Of a part with an output nothing else is kept: so nothing else may lie in its folder."""
    parts = settings.builds
    for name, part in parts.items():
        if not part.output:
            continue
        if not part.directory and settings.kind != "static":
            return (
                f"builds.{name}: nothing but its output is kept, so it needs a directory. Of a"
                " workspace at the root leave output out and name that folder in app.mounts"
            )
        inside = f"{part.directory}/" if part.directory else ""
        for other, one in parts.items():
            if other != name and f"{one.directory}/".startswith(inside):
                return f"builds.{other} lies in the folder of builds.{name}, which goes"
    return ""
