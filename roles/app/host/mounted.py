"""Whether what Nginx is to serve of a release is whole, before anybody is sent to it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from .definition import Definition
from .errors import ReleaseError

PAGE = "index.html"


def require(definition: Definition, release: Path) -> None:
    """Raise ReleaseError for a mount without its folder or its page, one of whose files leads out
    of it, and one whose page names files that it does not have."""
    for mount in definition.mounts:
        folder = release / mount["folder"]
        where = f"{definition.tag}: app.mounts, {mount['url']}: "
        if not inside(release, folder):
            raise ReleaseError(f"{where}there is no folder {mount['folder']!r} once it is built")
        if link := leaving(folder):
            raise ReleaseError(
                f"{where}{link} is a link that leads out of the folder: copy what it leads to, or"
                " serve a folder without it"
            )
        if mount["fallback"] and not (folder / mount["fallback"]).is_file():
            raise ReleaseError(f"{where}its folder has no {mount['fallback']} (fallback)")
        if gone := _missing(definition, folder, mount):
            raise ReleaseError(
                f"{where}its page names {gone}, which its folder does not have;"
                ' app.health.page = "" would look at no page'
            )


def inside(release: Path, folder: Path) -> bool:
    """Whether `folder` is one of the release, by no link that leads elsewhere."""
    real, base = folder.resolve(), release.resolve()
    return real.is_dir() and (real == base or base in real.parents)


def leaving(folder: Path) -> str:
    """The first link in a folder that leads out of it; empty for none."""
    base = folder.resolve()
    for place, folders, files in os.walk(base):
        for name in sorted([*folders, *files]):
            path = Path(place, name)
            if path.is_symlink() and base not in path.resolve().parents:
                return str(path.relative_to(base))
    return ""


def _missing(definition: Definition, folder: Path, mount: Mapping[str, Any]) -> str:
    """A script or style that the mount's page names and that should be there, and is not."""
    # Here and not above: each run asks for the state, which needs no reader of HTML.
    from . import page

    file = folder / (mount["fallback"] or PAGE)
    if not definition.health.get("page") or not file.is_file():
        return ""
    with file.open("rb") as stream:
        text = stream.read(page.SIZE).decode(errors="replace")
    url = mount["url"]
    for path in page.named(text, url, definition.health["host"], prefix=url):
        apart = any(f"{path}/".startswith(f"{a.rstrip('/')}/") for a in mount["apart"])
        if not apart and not page.is_there(folder, path[len(url) :]):
            return path
    return ""
