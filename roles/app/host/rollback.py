"""Which release a rollback means, and why there may be none."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from . import built, record, slots, verify
from .definition import load
from .errors import ReleaseError
from .layout import Layout

ENVIRONMENT = "env"
PASSWORDS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY")


@dataclass(frozen=True)
class Target:
    """The release to go back to; `built` when the host has it, `live` what it would replace.

    outdated: the variables among PASSWORDS that it was last live with and that changed since.
    """

    tag: str
    commit: str
    built: bool
    live: str
    outdated: tuple[str, ...] = ()


def target(layout: Layout, wanted: str | None = None, *, look: bool = False) -> Target:
    """The release before the live one, or `wanted`, which must have been live on this host.

    look: whether what is built is compared with what was built; else what is known of it counts.
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
    outdated = _outdated(layout.definition(tag), now.folder) if now else ()
    return Target(tag, commit, _is_built(layout, tag, commit, look), live, outdated)


def _outdated(then: Path, now: Path) -> tuple[str, ...]:
    """The passwords that differ between two definitions; none where there is no former one."""
    if not (then / ENVIRONMENT).exists():
        return ()
    before, after = ((folder / ENVIRONMENT).read_text().splitlines() for folder in (then, now))

    def value(lines: list[str], name: str) -> str:
        return next((line for line in lines if line.startswith(f"{name}=")), "")

    return tuple(name for name in PASSWORDS if value(before, name) != value(after, name))


def _is_built(layout: Layout, tag: str, commit: str, look: bool) -> bool:
    """Whether the release is there as it was when it was live."""
    if not layout.definition(tag).is_dir():
        return False
    made = built.of(load(layout.definition(tag)))
    found = built.find(layout, tag, commit, made)
    return found is not None and not (look and verify.look(layout, tag, found))


def _released(entries: list[dict[str, Any]], tag: str) -> str:
    """The commit that was last live as `tag`; empty when none was."""
    mine = (e for e in reversed(entries) if e.get("tag") == tag and e.get("outcome") == "live")
    return next((str(entry.get("commit", "")) for entry in mine), "")
