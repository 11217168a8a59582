"""What comes after the link has moved: watching, and either finishing the switch or undoing it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from roles.core.host.errors import HostError

from . import assets, hooks, proof, prune, record, result, slots, switch, trial
from .cause import Causes
from .errors import ReleaseError
from .layout import Layout, other
from .trial import Trial
from .watch import watch

Say = Callable[[str], None]


def settle(
    layout: Layout, of: Trial, say: Say, settings: Mapping[str, Any], given_up: Callable[[], str]
) -> None:
    """Bring a switch to its end, from wherever it was left. Each step may be done twice.

    settings: of the watch, if there was to be one; empty for none.
    Raises ReleaseError when the release was bad and the former one is live again, and when an
    earlier release is live again without its background processes.
    """
    causes = Causes(layout, of.slot)
    definition = slots.started(layout, of.slot)
    former = slots.started(layout, other(of.slot))
    here = slots.live(layout) == of.slot
    if definition is None or not (here or of.verdict):
        trial.end(layout)  # it never came to the switch
        return
    if not of.verdict and of.watched and settings.get("seconds") and former:
        say(f"watching {definition.tag} for {settings['seconds']} s")
        reason = watch(layout, definition, of.slot, settings, given_up)
        if reason:
            of = replace(of, verdict=reason)
            trial.write(layout, of)
    if of.verdict:
        # Also of a watch that was cut short: what it saw was not long ago.
        units = [*definition.web(layout, of.slot), *definition.workers(layout, of.slot)]
        blamed = [unit for unit in units if unit in of.verdict][:1]
        _take_back(layout, of, say, lambda: proof.last_lines(blamed, causes.since - 60))
        return
    switch.tidy(layout, say)
    _record(layout, of, outcome="live")
    clean(layout, of.slot, definition.keep, say)
    try:
        hooks.run(layout, definition, "after_switch", say, **about(of))
    except HostError as error:
        raise ReleaseError(f"{definition.tag} is live, but after_switch: {error}") from None
    finally:
        trial.end(layout)
    if of.entry.get("back"):
        # Nobody goes from a release that had to be left to one that it was left for: this is said.
        try:
            proof.require_workers(layout, definition, of.slot, causes)
        except HostError as error:
            raise ReleaseError(f"{definition.tag} is live again, but {error}") from None


def clean(layout: Layout, slot: str, keep: int, say: Say) -> None:
    """Remove the releases that the settings do not keep, `keep` where they say nothing; their files
    are no longer served beside those of the release that is live in `slot`."""
    removed, stayed = prune.prune(layout, prune.limit(layout, keep))
    for line in (*([result.removed(removed)] if removed else []), *map(result.result, stayed)):
        say(line)
    assets.publish(layout, slot)


def about(of: Trial) -> dict[str, str]:
    """Variables of a release's hooks."""
    entry = of.entry
    return {"RELEASED_BY": entry["who"], "FORMER_RELEASE": entry.get("from") or ""}


def _take_back(layout: Layout, of: Trial, say: Say, said: Callable[[], list[str]]) -> None:
    """Undo a switch. Where the former release does not answer either, nothing would be won.

    said: the last words of the process at fault, asked for when users no longer wait for it."""
    tag, back = of.entry["tag"], other(of.slot)
    worse = switch.revive(layout, back)
    if worse:
        reason = f"{of.verdict}; it stays live, because the former release is no better: {worse}"
        switch.tidy(layout, say)  # schedules and all: it is what there is
        _record(layout, of, outcome="live", reason=reason)
        trial.end(layout)
        raise ReleaseError("\n".join([f"{tag} is bad: {reason}", *said()]))
    switch.move(layout, back, say)
    switch.tidy(layout, say)
    _record(layout, of, outcome="failed", reason=of.verdict)
    trial.end(layout)
    lines = [f"{tag} went bad after the switch: {of.verdict}", *said()]
    raise ReleaseError("\n".join(lines))


def _record(layout: Layout, of: Trial, **result: str) -> None:
    """One entry a switch, however often it is finished."""
    entry = {**of.entry, **result}
    last = (record.read(layout.record) or [{}])[-1]
    if {**last, "when": ""} != {**entry, "when": ""}:
        record.append(layout.record, **entry)
