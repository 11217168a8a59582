"""What comes after the link has moved: watching, and either finishing the switch or undoing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from roles.core.host.errors import HostError

from . import assets, cpu_weight, hooks, pending_switch, proof, prune, record, result, slots, switch
from .cause import Causes
from .errors import ReleaseError
from .layout import Layout, other
from .pending_switch import PendingSwitch
from .watch import watch

Say = Callable[[str], None]


def finish(
    layout: Layout,
    pending: PendingSwitch,
    say: Say,
    settings: Mapping[str, Any],
    aborted: Callable[[], str],
) -> None:
    """Bring a switch to its end, from wherever it was left. Each step may be done twice.

    settings: of the watch, if there was to be one; empty for none.
    Raises ReleaseError when the release was bad (rolled back, or still live because the former one
    does not answer), when after_switch failed, and when an earlier release is live again without
    its workers.
    """
    causes = Causes(layout, pending.slot)
    definition = slots.started(layout, pending.slot)
    former = slots.started(layout, other(pending.slot))
    here = slots.live(layout) == pending.slot
    if definition is None or not (here or pending.verdict):
        pending_switch.end(layout)  # it never came to the switch
        return
    if not pending.verdict and pending.watched and settings.get("seconds") and former:
        say(f"watching {definition.tag} for {settings['seconds']} s")
        reason = watch(layout, definition, pending.slot, settings, aborted)
        if reason:
            pending = replace(pending, verdict=reason)
            pending_switch.write(layout, pending)
    if pending.verdict:
        # Also of a watch that was cut short: what it saw was not long ago.
        units = [*definition.web(layout, pending.slot), *definition.workers(layout, pending.slot)]
        blamed = [unit for unit in units if unit in pending.verdict][:1]
        stays = _roll_back(layout, pending, say)
        if stays:
            clean(layout, pending.slot, definition.keep, say)
        # the last words of the process at fault, asked for when users no longer wait for it
        last = proof.last_lines(blamed, causes.since - 60)
        went = stays or f"went bad after the switch: {pending.verdict}"
        raise ReleaseError("\n".join([f"{definition.tag} {went}", *last]))
    # What an operator has left is not kept at hand.
    switch.clean_up(layout, say, keep_warm=not pending.entry.get("back"))
    _record(layout, pending, outcome="live")
    clean(layout, pending.slot, definition.keep, say)
    try:
        hooks.run(layout, definition, "after_switch", say, **hook_variables(pending))
    except HostError as error:
        raise ReleaseError(f"{definition.tag} is live, but after_switch: {error}") from None
    finally:
        pending_switch.end(layout)
    if pending.entry.get("back"):
        # Nobody goes from a release that had to be left to one that it was left for: this is said.
        try:
            proof.require_workers(layout, definition, pending.slot, causes)
        except HostError as error:
            raise ReleaseError(f"{definition.tag} is live again, but {error}") from None


def clean(layout: Layout, slot: str, keep: int, say: Say) -> None:
    """Remove the releases that the settings do not keep, `keep` where they say nothing; their files
    are no longer served beside those of the release that is live in `slot`."""
    removed, stayed = prune.prune(layout, prune.limit(layout, keep))
    for line in (*([result.removed(removed)] if removed else []), *map(result.result, stayed)):
        say(line)
    assets.publish(layout, slot)


def hook_variables(pending: PendingSwitch) -> dict[str, str]:
    """Variables of a release's hooks."""
    entry = pending.entry
    return {"RELEASED_BY": entry["who"], "FORMER_RELEASE": entry.get("from") or ""}


def _roll_back(layout: Layout, pending: PendingSwitch, say: Say) -> str:
    """Undo a switch. Where the former release does not answer either, nothing would be won: why it
    was not undone, or empty."""
    former_slot = other(pending.slot)
    with cpu_weight.at_once():  # users have a bad release
        cpu_weight.equal(layout, former_slot)
        worse = switch.restart(layout, former_slot)
        if not worse:
            switch.move(layout, former_slot, say)
    if worse:
        reason = (
            f"{pending.verdict}; it stays live, because the former release is no better: {worse}"
        )
        switch.clean_up(layout, say)  # schedules and all: it is what there is
        _record(layout, pending, outcome="live", reason=reason)
        pending_switch.end(layout)
        return f"is bad: {reason}"
    switch.clean_up(layout, say)
    # Unlike what failed before anybody saw it: monitoring tells the two apart.
    _record(layout, pending, outcome="failed", rolled_back="yes", reason=pending.verdict)
    pending_switch.end(layout)
    return ""


def _record(layout: Layout, pending: PendingSwitch, **result: str) -> None:
    """One entry a switch, however often it is finished."""
    entry = {**pending.entry, **result}
    last = (record.read(layout.record) or [{}])[-1]
    if {**last, "when": ""} != {**entry, "when": ""}:
        record.append(layout.record, **entry)
