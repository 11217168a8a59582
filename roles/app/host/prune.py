"""Old releases go, with what only they needed."""

from __future__ import annotations

from . import disk, record, slots
from .build import BUILT
from .layout import SLOTS, Layout


def superfluous(built: dict[str, str], keep: int, kept: set[str]) -> list[str]:
    """Tags to remove of those `built` (tag: when), so that `keep` stay, those in `kept` always."""
    newest = sorted(built, key=lambda tag: built[tag], reverse=True)
    free = [tag for tag in newest if tag not in kept]
    room = max(keep - len(kept & set(built)), 0)
    return free[room:]


def prune(layout: Layout, keep: int) -> list[str]:
    """Remove releases that failed or never were live, and those beyond `keep`; never the live one,
    the one before, or one in a slot. The tags that are gone."""
    facts = {path.parent.name: disk.read_json(path) for path in _marks(layout)}
    built = {tag: values.get("when", "") for tag, values in facts.items()}
    used = {d.tag for d in (slots.started(layout, slot) for slot in SLOTS) if d}
    live = slots.started(layout, slots.live(layout))
    entries = record.read(layout.record)
    before = record.previous(entries, live.tag if live else None)
    kept = used | ({before} if before else set())
    failed = [
        tag
        for tag in built
        if tag not in kept
        and (not layout.definition(tag).is_dir() or record.failure(entries, tag) is not None)
    ]
    good = {tag: when for tag, when in built.items() if tag not in failed}
    removed = [*failed, *superfluous(good, keep, kept)]
    for tag in removed:
        disk.remove(layout.facts(tag))
        disk.remove(layout.release(tag))
        (layout.logs / f"build-{tag}.log").unlink(missing_ok=True)
    _prune_environments(
        layout, {v.get("environment") for t, v in facts.items() if t not in removed}
    )
    return removed


def _marks(layout: Layout) -> list:
    return list((layout.etc / "releases").glob(f"*/{BUILT}"))


def _prune_environments(layout: Layout, needed: set) -> None:
    for folder in layout.environments.iterdir() if layout.environments.is_dir() else ():
        if folder.name not in needed:
            disk.remove(folder)
