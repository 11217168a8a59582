"""What Nginx serves of an application by itself: a list of places, each a URL and a folder."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from roles.core.model import Section

from . import http
from .building import Folder

if TYPE_CHECKING:
    from .settings import Parts

STATIC = "static"
"""The key of app.static, and of a mount at /static/."""


class Mount(Section):
    """A folder of the release that Nginx serves by itself."""

    url: str = Field(
        "/",
        pattern=r"^/([a-z0-9][a-z0-9.-]*/)*$",
        description="Where it is, such as /assets/. /: all that nothing else has; of an application"
        " that runs, app.web.paths go to its processes.",
    )
    build: str | None = Field(
        None,
        description="Name of one of app.builds whose output the folder is in. The release's own"
        " folder when not set.",
    )
    folder: Folder = Field("", description="The folder in there; empty for all of it.")
    fallback: str = Field(
        "",
        pattern=r"^([A-Za-z0-9_][A-Za-z0-9._-]*\.html)?$",
        description="Page for every path without an ending that is no file: index.html, for a"
        " front end that has its routes itself. Empty: 404.",
    )
    cache: Literal["hashed", "all", "none"] = Field(
        "hashed",
        description="hashed: browsers keep files with a hash in their name for a year, and ask"
        " each time whether the others are as they were. all: everything but pages for a year."
        " none: nothing.",
    )
    cdn_seconds: int = Field(
        0,
        ge=0,
        le=31_536_000,
        description="How long a CDN may keep what browsers ask for each time, pages above all,"
        " seconds (CDN-Cache-Control); app.purge has it forget them at a release. 0: as browsers.",
    )


def key(url: str) -> str:
    """The name of a mount's folder of links on the host.

    >>> key("/"), key("/static/"), key("/admin/app/")
    ('_', 'static', 'admin_app')
    """
    return url.strip("/").replace("/", "_") or "_"


def place(settings: Parts, mount: Mount) -> str:
    """The folder of a mount, from that of the release; empty for all of it."""
    part = settings.builds.get(mount.build or "")
    parts = [part.directory, part.output] if part else []
    return "/".join(each for each in [*parts, mount.folder] if each)


def defined(settings: Parts) -> list[dict[str, Any]]:
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


def folders(settings: Parts) -> list[str]:
    """Folders of all mounts, in which files are compressed when they are built."""
    return sorted({place(settings, mount) for mount in settings.mounts})


def routed(settings: Parts) -> tuple[str, ...]:
    """Paths that go to the processes where a mount has all others."""
    if settings.kind == "static":
        return ()
    asked = settings.health.path.partition("?")[0]
    return tuple(dict.fromkeys([*settings.web.paths, *http.paths(settings), asked]))


def same(settings: Parts) -> str:
    """What tells two sets of mounts apart; empty for none."""
    return json.dumps(defined(settings)) if settings.mounts else ""


def wrong(settings: Parts) -> str:
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


def _static(settings: Parts) -> str:
    if settings.kind != "static":
        return ""
    if not settings.mounts:
        return 'kind "static" needs app.mounts: which folder Nginx serves'
    if settings.workers or settings.jobs or settings.release_steps or settings.web.command:
        return 'kind "static" runs nothing: no web.command, workers, jobs or release_steps'
    return ""


def _overlap(settings: Parts) -> str:
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
