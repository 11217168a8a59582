"""One release from its definition to live, as one unit of work under the lock."""

from __future__ import annotations

import time

from . import build, lock, prune, record, slots, state, switch
from .definition import Definition, load
from .errors import Locked, ReleaseError
from .layout import Layout


def say(text: str) -> None:
    """Tell whoever still listens: the connection may be gone, the release goes on."""
    try:
        print(text, flush=True)
    except OSError:
        return


def release(layout: Layout, tag: str, identity: str, who: str) -> None:
    """Build and make live what the toolkit's last run defined, which must be `identity`."""
    with lock.held(layout.lock, who, f"release {tag}"):
        definition = load(layout.next)
        if (definition.tag, definition.identity) != (tag, identity):
            raise ReleaseError("another run has changed the definition meanwhile; run again")
        _make_live(layout, definition, who)


def activate(layout: Layout, tag: str, who: str) -> None:
    """Make a release live again that is built, as it was defined then."""
    with lock.held(layout.lock, who, f"activate {tag}"):
        definition = load(layout.definition(tag))
        if not build.is_built(layout, tag, definition.commit):
            raise ReleaseError(f"{tag} is no longer built on this host; deploy it instead")
        _make_live(layout, definition, who)


def previous(layout: Layout) -> str:
    """The tag that was live before. Raises ReleaseError when there was none."""
    live = slots.started(layout, slots.live(layout))
    tag = record.previous(record.read(layout.record), live.tag if live else None)
    if tag is None:
        raise ReleaseError("there was no release before this one")
    return tag


def _make_live(layout: Layout, definition: Definition, who: str) -> None:
    before = state.read(layout, definition.tag, definition.commit)
    due = before.due(definition.identity)
    if not due:
        say(f"{definition.tag} is live")
        return
    entry = {"who": who, "tag": definition.tag, "commit": definition.commit, "from": before.tag}
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
