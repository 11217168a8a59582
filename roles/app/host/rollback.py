"""Which release a rollback means, and why there may be none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from . import build, record, slots
from .errors import ReleaseError
from .layout import Layout


@dataclass(frozen=True)
class Target:
    """The release to go back to; `built` when the host has it, `live` what it would replace."""

    tag: str
    commit: str
    built: bool
    live: str


def target(layout: Layout, wanted: str | None = None) -> Target:
    """The release before the live one, or `wanted`, which must have been live on this host.

    Raises ReleaseError for one that never was, for one that failed, and when there is none.
    """
    entries = record.read(layout.record)
    now = slots.started(layout, slots.live(layout))
    live = now.tag if now else ""
    tag = wanted or record.previous(entries, live)
    if not live:
        raise ReleaseError("nothing is live on this host yet; deploy a release")
    if tag is None:
        raise ReleaseError(f"there is nothing to go back to: no good release was before {live}")
    commit = _released(entries, tag)
    if not commit:
        known = ", ".join(record.lived(entries)[-5:])
        raise ReleaseError(
            f"{tag} has never been live on this host ({known} have been); to deploy it:"
            f" pyinfra INVENTORY deploy.py --data tag={tag}"
        )
    reason = record.failure(entries, tag)
    if tag != live and reason is not None:
        raise ReleaseError(
            f"{tag} failed when it was last tried ({reason}); nothing goes back to it. To try it"
            " once more:"
            f" pyinfra INVENTORY deploy.py --data tag={tag}"
        )
    kept = layout.definition(tag).is_dir()
    return Target(tag, commit, kept and build.is_built(layout, tag, commit), live)


def _released(entries: list[dict[str, Any]], tag: str) -> str:
    """The commit that was last live as `tag`; empty when none was."""
    mine = (e for e in reversed(entries) if e.get("tag") == tag and e.get("outcome") == "live")
    return next((str(entry.get("commit", "")) for entry in mine), "")
