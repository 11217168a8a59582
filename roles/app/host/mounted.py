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


def require_static(definition: Definition, release: Path) -> None:
    """Raise ReleaseError when a link in the folder of `app.static` leads out of the release. Root
    owns such a link, so Nginx would follow it to whatever is root's: logs of all applications, what
    it keeps of their answers, who logs in here."""
    if link := leaving(release / definition.static, release):
        raise ReleaseError(
            f"{definition.tag}: app.static: {link} is a link that leads out of the release, and"
            " Nginx would show everybody what is there: copy it, or leave it out"
        )


def inside(release: Path, folder: Path) -> bool:
    """Whether `folder` is one of the release, by no link that leads elsewhere."""
    real, base = _real(folder), _real(release)
    return real.is_dir() and (real == base or base in real.parents)


def leaving(folder: Path, whole: Path | None = None) -> str:
    """The first link in a folder, or in one that its links lead to, that leads out of `whole`, the
    folder itself when not said; empty for none."""
    base, left, seen = _real(whole or folder), [_real(folder)], set()
    while left:
        place = left.pop()
        if place in seen:
            continue
        seen.add(place)
        for entry in sorted(os.scandir(place), key=lambda entry: entry.name):
            path = Path(entry.path)
            if entry.is_symlink() and base not in _real(path).parents:
                return str(path.relative_to(base))
            if path.is_dir():  # which a link in a circle is not
                left.append(_real(path))
    return ""


def _real(path: Path) -> Path:
    """Where it leads. Path.resolve() would end the program for links in a circle."""
    return Path(os.path.realpath(path))


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
