"""One release from its definition to live, as one unit of work under the lock."""

from __future__ import annotations

import time
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import Any

from roles.core.host import disk
from roles.core.host.errors import HostError

from . import (
    abort,
    ahead,
    archives,
    built,
    finish,
    hooks,
    lock,
    pending_switch,
    proof,
    record,
    result,
    rollback,
    slots,
    state,
    switch,
    warm,
)
from .definition import Definition, load, take
from .errors import ReleaseError
from .layout import Layout, other
from .pending_switch import PendingSwitch


def say(text: str) -> None:
    """Tell whoever still listens: the connection may be gone, the release goes on."""
    try:
        print(text, flush=True)
    except OSError:
        return


def release(
    layout: Layout, tag: str, commit: str, identity: str, who: str, *, is_rollback: bool = False
) -> None:
    """Build and make live what the toolkit's last run defined, which must be `identity`.

    is_rollback: whether this goes back to an earlier release, for the record. It is not
    watched: that could only bring back what somebody wants to leave.
    """
    begun = time.time()
    with ExitStack() as after:
        waited = after.enter_context(lock.held(layout.lock, who, f"release {tag}"))
        after.callback(archives.sweep, layout, commit, time.time())
        definition = take(layout, tag, identity)
        if waited:
            _refuse_what_just_failed(layout, identity, begun)
        _make_live(layout, definition, who, is_rollback)


def activate(layout: Layout, tag: str | None, who: str, *, look: bool) -> None:
    """Make a release live again that is built, as it was defined then: `tag`, or the one before.

    look: whether it has to be seen first that it is as it was built.
    Raises ReleaseError for one that a rollback does not go to, and one that is not built.
    """
    if abort.abort_watch(layout, tag, who, say):
        return
    chosen = rollback.target(layout, tag).tag
    with lock.held(layout.lock, who, f"activate {chosen}"):
        goal = rollback.target(layout, chosen, look=look)
        if not goal.built:
            raise ReleaseError(
                f"{chosen} is no longer on this host as it was built; it is built again by"
                f" pyinfra INVENTORY rollback.py --data tag={chosen}"
            )
        if goal.outdated:
            raise ReleaseError(
                f"{chosen} was last live with another {', '.join(goal.outdated)} than now; it gets"
                f" what is valid now by pyinfra INVENTORY rollback.py --data tag={chosen}"
            )
        _make_live(layout, load(layout.definition(chosen)), who, is_rollback=True)


def _make_live(layout: Layout, definition: Definition, who: str, is_rollback: bool) -> None:
    unfinished = pending_switch.read(layout)
    if unfinished:
        _finish_pending(layout, unfinished, definition)
    made = built.inputs(definition.build, definition.hooks)
    before = state.read(layout, definition.tag, definition.commit, made, definition.identity)
    due = before.due(definition.identity)
    if not due:
        say(f"{definition.tag} is live")
        return
    if due == "clean_up":
        switch.clean_up(layout, say)
        finish.clean(layout, before.slot or "", definition.keep, say)
        say(result.result(f"{definition.tag} is live; finished what an earlier run left"))
        return
    entry: dict[str, Any] = {
        "who": who,
        "tag": definition.tag,
        "commit": definition.commit,
        "identity": definition.identity,
        "from": before.tag,
    }
    if is_rollback:
        entry["back"] = True
    try:
        moved = _switch(layout, definition, entry, built=before.built)
    except HostError as error:
        disk.write_json(layout.failure, {"identity": definition.identity, "said": str(error)})
        record.append(layout.record, **entry, outcome="failed", reason=first_line(error))
        raise _failure(layout, definition, entry, error) from None
    pending = pending_switch.read(layout)
    assert pending  # noqa: S101 - for the type checker: it was written before the switch
    try:
        finish.finish(layout, pending, say, definition.watch, partial(abort.requested, layout))
    except HostError as error:
        raise _failure(layout, definition, entry, error) from None
    say(result.live(pending, moved))


def _switch(layout: Layout, definition: Definition, entry: dict[str, Any], *, built: bool) -> float:
    """Everything up to the moment that users see the release. Seconds that it took to move them.

    Raises ReleaseError before it: the old release serves on, and the slot that was tried is empty
    again."""
    begun = time.monotonic()
    for line in ahead.told(layout):
        say(line)
    if not built:
        from . import build  # a way back does not wait until all that a build needs is read

        build.build(layout, definition, say)
    slot = other(slots.live(layout))
    # What was built just now is not what is frozen.
    is_warm = built and bool(entry.get("back")) and warm.thaw(layout, definition, slot)
    if not is_warm:
        slots.stop(layout, slot)
        slots.install(layout, definition, slot)
    pending = PendingSwitch(slot, definition.identity, entry, watched=not entry.get("back"))
    try:
        if not is_warm:
            proof.start(layout, definition, slot, say)
        sockets = " ".join(str(path) for path in definition.sockets(layout, slot))
        hooks.run(
            layout,
            definition,
            "before_switch",
            say,
            SOCKETS=sockets,
            **finish.hook_variables(pending),
        )
    except HostError:
        slots.stop(layout, slot)
        raise
    abort.withdraw(layout)
    ready = time.monotonic()
    pending_switch.write(
        layout, replace(pending, entry={**entry, "seconds": round(ready - begun, 1)})
    )
    switch.move(layout, slot, say)
    return time.monotonic() - ready


def _finish_pending(layout: Layout, unfinished: PendingSwitch, wanted: Definition) -> None:
    """End what a killed run left: with its watch when the same is wanted again."""
    same = unfinished.identity == wanted.identity
    try:
        aborted = partial(abort.requested, layout)
        finish.finish(layout, unfinished, say, wanted.watch if same else {}, aborted)
    except HostError as error:
        if same:
            raise _failure(layout, wanted, unfinished.entry, error) from None
        say(str(error))


def _refuse_what_just_failed(layout: Layout, identity: str, since: float) -> None:
    """Somebody did the very same while this run waited: how that ended is this run's end too."""
    last = (record.read(layout.record) or [{}])[-1]
    failed = (last.get("outcome"), last.get("identity")) == ("failed", identity)
    if failed and record.moment(last) >= int(since):
        whole = disk.read_json(layout.failure)
        same = whole.get("identity") == identity
        said = whole.get("said") if same else last.get("reason")  # with the last lines of a log
        raise ReleaseError(f"{last.get('who')} did the same, and it failed: {said}")


def _failure(
    layout: Layout, definition: Definition, entry: dict[str, Any], error: HostError
) -> HostError:
    """Tell the hooks, and for people what serves now."""
    live = slots.started(layout, slots.live(layout))
    if live and live.identity == definition.identity:
        return error
    try:
        pending = PendingSwitch("", definition.identity, entry, False)
        reason = first_line(error)
        hooks.run(
            layout, definition, "on_failure", say, REASON=reason, **finish.hook_variables(pending)
        )
    except HostError as hook:
        say(f"on_failure: {hook}")
    serving = f"{live.tag} goes on serving" if live else "nothing is live"
    return ReleaseError(f"{error}\n{definition.tag} was not made live; {serving}.")


def first_line(error: HostError) -> str:
    """What went wrong, without what was said of it."""
    return str(error).splitlines()[0]
