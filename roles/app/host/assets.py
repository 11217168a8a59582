"""What Nginx serves by itself: the static files of the live release, then those of the kept ones.

A page that was loaded before a switch asks for its files afterwards. So Nginx looks into `live`,
then into `1`, `2`, … of a folder of links, which is replaced as a whole with the switch: by a link,
without a reload.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from roles.core.host import disk

from . import built, mounted, slots
from .definition import Definition
from .errors import ReleaseError
from .layout import SLOTS, Layout

LIVE = "live"
STATIC = "static"


def require(layout: Layout, definition: Definition) -> None:
    """Raise ReleaseError when the release of `definition` has no folder for Nginx to serve."""
    folder = built.folder(layout, definition)
    mounted.require(definition, folder)
    if definition.static and not _of(folder, definition.static):
        raise ReleaseError(
            f"{definition.tag} has no folder {definition.static!r} of its own once it is built;"
            " app.static names what Nginx serves: correct it, or leave it out"
        )
    if definition.static:
        mounted.require_static(definition, folder)


def publish(layout: Layout, slot: str) -> None:
    """Have Nginx serve the files of the release in `slot`, then those of all that are kept."""
    used = set()
    for key in _keys(layout, slot):
        used |= _publish(layout, slot, key)
    # Whoever is just being answered may be on the way through the one before.
    for path in layout.served.glob(".*"):
        if path.name not in used and not path.is_symlink():
            disk.remove(path)


def _publish(layout: Layout, slot: str, key: str) -> set[str]:
    """Publish what is served by one name. The folders of links that it uses, or did until now."""
    wanted = _wanted(layout, slot, key)
    text = "\n".join(str(path) for path in wanted)
    links = layout.served / f".{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    if not _same(links, wanted):
        _write(links, wanted)
    goal = layout.links(key)
    before = goal.readlink().name if goal.is_symlink() else ""
    if before != links.name:
        disk.link(goal, Path(links.name))
    return {links.name, before}


def current(layout: Layout, slot: str) -> bool:
    """Whether Nginx serves what `publish` would have it serve, the live release's files first."""
    wanted = {key: _wanted(layout, slot, key) for key in _keys(layout, slot)}
    return all(not paths or _same(layout.links(key), paths) for key, paths in wanted.items())


def _keys(layout: Layout, slot: str) -> list[str]:
    """What is served by a name, now or by the release in `slot`."""
    definition = slots.started(layout, slot)
    named = folders(definition) if definition else {}
    there = layout.served.glob("[!.]*") if layout.served.is_dir() else ()
    return sorted({STATIC, *named, *(path.name for path in there if path.is_symlink())})


def folders(definition: Definition) -> dict[str, str]:
    """The folders of a release that Nginx serves by itself, by the name of their links."""
    static = {STATIC: definition.static} if definition.static else {}
    return {**static, **{mount["key"]: mount["folder"] for mount in definition.mounts}}


def _wanted(layout: Layout, slot: str, key: str) -> list[Path]:
    """Folders by the name `key`: the live release's, then the other slot's, then the newest."""
    found: list[Path] = []
    for each in (slot, *(s for s in SLOTS if s != slot)):
        definition = slots.started(layout, each)
        if definition and layout.slot(each).is_symlink():
            found += _of(slots.folder(layout, each), folders(definition).get(key))
        if each == slot and not found:
            return []
    builds = [(one[-1].when, tag) for tag, one in built.every(layout).items()]
    for _, tag in sorted(builds, reverse=True):
        definition = slots.load_or_none(layout.definition(tag))
        if definition:
            # The very build that was live: of a later one nobody knows yet where its links lead.
            found += _of(built.folder(layout, definition), folders(definition).get(key))
    return list(dict.fromkeys(found))


def _of(release: Path, folder: str | None) -> list[Path]:
    """The folder that Nginx may serve of a release: none when it leads out of it."""
    path = release / (folder or "")
    return [path] if folder is not None and mounted.inside(release, path) else []


def _names(count: int) -> list[str]:
    return [LIVE, *map(str, range(1, count))][:count]


def _same(links: Path, wanted: list[Path]) -> bool:
    try:
        there = {path.name: path.readlink() for path in links.iterdir()}
    except OSError:
        return False
    return there == dict(zip(_names(len(wanted)), wanted, strict=True))


def _write(links: Path, wanted: list[Path]) -> None:
    links.parent.mkdir(mode=0o755, exist_ok=True)
    disk.remove(links)
    links.mkdir(mode=0o755)
    links.chmod(0o755)
    for name, path in zip(_names(len(wanted)), wanted, strict=True):
        (links / name).symlink_to(path)
        # Nginx follows a link to what belongs to the link's own owner.
        owner = path.stat()
        os.lchown(links / name, owner.st_uid, owner.st_gid)
