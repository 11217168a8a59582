"""One release from its definition to live, as one unit of work under the lock."""

from __future__ import annotations

import time
from typing import Any

from . import build, lock, prune, record, rollback, state, switch
from .definition import Definition, load
from .errors import Locked, ReleaseError
from .layout import Layout


def say(text: str) -> None:
    """Tell whoever still listens: the connection may be gone, the release goes on."""
    try:
        print(text, flush=True)
    except OSError:
        return


def release(layout: Layout, tag: str, identity: str, who: str, back: bool = False) -> None:
    """Build and make live what the toolkit's last run defined, which must be `identity`.

    back: whether this goes back to an earlier release, for the record.
    """
    with lock.held(layout.lock, who, f"release {tag}"):
        definition = load(layout.next)
        if (definition.tag, definition.identity) != (tag, identity):
            raise ReleaseError("another run has changed the definition meanwhile; run again")
        _make_live(layout, definition, who, back)


def activate(layout: Layout, tag: str | None, who: str) -> None:
    """Make a release live again that is built, as it was defined then: `tag`, or the one before.

    Raises ReleaseError for one that a rollback does not go to, and one that is not built.
    """
    chosen = rollback.target(layout, tag).tag
    with lock.held(layout.lock, who, f"activate {chosen}"):
        goal = rollback.target(layout, chosen)
        if not goal.built:
            raise ReleaseError(
                f"{chosen} is no longer built on this host; it is built again by"
                f" pyinfra INVENTORY rollback.py --data tag={chosen}"
            )
        _make_live(layout, load(layout.definition(chosen)), who, back=True)


def _make_live(layout: Layout, definition: Definition, who: str, back: bool) -> None:
    before = state.read(layout, definition.tag, definition.commit)
    due = before.due(definition.identity)
    if not due:
        say(f"{definition.tag} is live")
        return
    entry: dict[str, Any] = {
        "who": who,
        "tag": definition.tag,
        "commit": definition.commit,
        "from": before.tag,
    }
    if back:
        entry["back"] = True
    if due == "tidy":
        switch.tidy(layout, say)
        say(f"{definition.tag} is live; finished what an earlier run left")
        if record.last_live(record.read(layout.record)) != definition.tag:
            record.append(layout.record, **entry, outcome="live")
        return
    begun = time.monotonic()
    try:
        if not before.built:
            build.build(layout, definition, say)
        switch.activate(layout, definition, say)
    except Locked:
        raise
    except ReleaseError as error:
        reason = str(error).splitlines()[0]
        record.append(
            layout.record, **entry, outcome="failed", reason=reason, seconds=_since(begun)
        )
        serving = f"{before.tag} goes on serving" if before.tag else "nothing is live"
        raise ReleaseError(f"{error}\n{definition.tag} was not made live; {serving}.") from None
    record.append(layout.record, **entry, outcome="live", seconds=_since(begun))
    switch.tidy(layout, say)
    for tag in prune.prune(layout, definition.keep):
        say(f"removed {tag}")


def _since(begun: float) -> float:
    return round(time.monotonic() - begun, 1)
