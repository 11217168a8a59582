"""Old releases go, with what only they needed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from roles.core.host import disk
from roles.core.host.errors import HostError

from . import built, record, slots
from .built import Built
from .layout import SLOTS, Layout


def superfluous(built: dict[str, str], keep: int, kept: set[str]) -> list[str]:
    """Tags to remove of those `built` (tag: when), so that `keep` stay, those in `kept` always."""
    newest = sorted(built, key=lambda tag: built[tag], reverse=True)
    free = [tag for tag in newest if tag not in kept]
    room = max(keep - len(kept & set(built)), 0)
    return free[room:]


def limit(layout: Layout, otherwise: int) -> int:
    """How many releases the settings keep, as the toolkit's last run wrote them, whatever the live
    release was defined with."""
    wanted = slots.load_or_none(layout.next)
    return wanted.keep if wanted else otherwise


def overdue(layout: Layout) -> list[str]:
    """Good releases that are there beyond what the settings keep."""
    wanted = slots.load_or_none(layout.next)
    return _old(layout, built.every(layout), wanted.keep)[1] if wanted else []


def prune(layout: Layout, keep: int) -> tuple[list[str], list[str]]:
    """Remove releases that failed or never were live, and those beyond `keep`; never the live one,
    the one before, or one in a slot. The tags that are gone, and in words what could not go: the
    next one tries again.

    Of a tag that was built several times only what is in a slot, or would be gone back to, stays,
    and what is damaged is in the way to nothing.
    """
    every = built.every(layout)
    removed = [tag for tags in _old(layout, every, keep) for tag in tags]
    for tag in removed:
        disk.remove(layout.facts(tag))
        (layout.logs / f"build-{tag}.log").unlink(missing_ok=True)
    left = [
        build
        for tag, builds in every.items()
        if tag not in removed
        for build in _wanted(layout, tag, builds)
    ]
    return removed, [*_sweep(layout, left)]


def _old(layout: Layout, every: dict[str, list[Built]], keep: int) -> tuple[list[str], list[str]]:
    """Tags that failed or never were live, and those beyond `keep`."""
    when = {tag: builds[-1].when for tag, builds in every.items()}
    used = {d.tag for d in (slots.started(layout, slot) for slot in SLOTS) if d}
    live = slots.started(layout, slots.live(layout))
    entries = record.read(layout.record)
    before = record.previous(entries, live.tag if live else None)
    kept = used | ({before} if before else set())
    failed = [
        tag
        for tag in when
        if tag not in kept
        and (not layout.definition(tag).is_dir() or record.failure(entries, tag) is not None)
    ]
    good = {tag: time for tag, time in when.items() if tag not in failed}
    return failed, superfluous(good, keep, kept)


def _wanted(layout: Layout, tag: str, builds: list[Built]) -> list[Built]:
    definitions = [slots.load_or_none(layout.definition(tag))]
    definitions += [slots.started(layout, slot) for slot in SLOTS]
    mine = [found for found in definitions if found and found.tag == tag]
    wanted = {(found.commit, built.of(found)) for found in mine}
    left = [
        build
        for build in builds
        if (build.commit, build.identity) in wanted and not built.damage(layout, tag, build)
    ]
    if left != builds:
        built.write(layout, tag, left)
    return left


def _sweep(layout: Layout, left: list[Built]) -> Iterator[str]:
    """Remove the folders that no build in `left` has, and no slot runs. What could not be."""
    for path in _unneeded(layout, left):
        try:
            disk.remove(path)
        except HostError as error:
            yield str(error)


def _unneeded(layout: Layout, left: list[Built]) -> Iterator[Path]:
    folders = {build.folder for build in left} | slots.folders(layout)
    for folder in layout.releases.iterdir() if layout.releases.is_dir() else ():
        if folder.name not in folders:
            yield folder
    needed = {key for build in left for key in build.installed.split()}
    for folder in layout.installed.iterdir() if layout.installed.is_dir() else ():
        if folder.name.split(".")[0] not in needed:
            yield folder
    # Earlier versions kept dependencies where every build could write: they go with the last
    # release that runs from there.
    shared = layout.home / "environments"
    places = (layout.releases / name / ".venv" for name in slots.folders(layout))
    if not any(shared in place.resolve().parents for place in places):
        yield shared
