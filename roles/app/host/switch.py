"""Moving users from one slot to the other, and what comes after it.

An application has two slots, blue and green: each a set of systemd units, a folder of sockets, and
the release that was started there (its `Definition`). Nginx follows the link `live` to one of them;
`former` is what the other one runs. `current` leads to the live release's files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from roles.core.host import disk

from . import (
    assets,
    cpu_weight,
    drain,
    drift,
    health,
    responses,
    result,
    schedules,
    slots,
    systemd,
    warm,
)
from .definition import FILE, Definition
from .layout import Layout, other

PATIENCE = 10  # seconds that processes which were good before get to answer again

Say = Callable[[str], None]


def move(layout: Layout, slot: str, say: Say) -> None:
    """Send users to the release that is proven in `slot`.

    The other slot's web processes run on: until `clean_up`, `move` brings their release back.
    """
    definition, former = slots.started(layout, slot), slots.started(layout, other(slot))
    assert definition  # noqa: S101 - for the type checker: it is what runs there
    with cpu_weight.at_once():
        cpu_weight.equal(layout, slot)
        disk.link(layout.current, slots.folder(layout, slot))
        assets.publish(layout, slot)
        disk.link(layout.live, layout.run(slot))  # which is also what starts at boot from now on
        responses.begin(layout, slot)
    slots.forget(layout)
    say(f"{definition.tag} is live in slot {slot}")
    # With the workers of a release that has proven them before.
    systemd.call("start", [layout.slot_target(slot)])
    if former:  # two of a worker run for as short a time as can be
        _stop_workers(layout, former, other(slot))


def _stop_workers(layout: Layout, former: Definition, slot: str) -> None:
    """Stop its workers; its web processes finish their requests."""
    if workers := former.workers(layout, slot):
        # No longer than a moment: requests that began before the switch go on there.
        with cpu_weight.ending(layout, slot, longest=cpu_weight.HASTE):
            systemd.attempt("stop", workers)


def restart(layout: Layout, slot: str) -> str:
    """Have the web processes of a slot that was live before run and answer. Empty when they do,
    else why not."""
    definition = slots.started(layout, slot)
    if definition is None:
        return "there is none before it"
    systemd.attempt("start", definition.web(layout, slot))
    sockets = dict(zip(definition.web(layout, slot), definition.sockets(layout, slot), strict=True))
    asked = {**definition.health, "successes": 1, "deadline": PATIENCE}
    each = definition.each(layout, slot, successes=1)
    silent = health.wait(sockets, asked, each=each)
    return "; ".join(f"{unit}: {reason}" for unit, reason in list(silent.items())[:1])


def clean_up(layout: Layout, say: Say, *, keep_warm: bool = False) -> None:
    """Finish a switch: schedules of the live release, what minds it, the other slot stopped.

    keep_warm: whether what the other slot runs is worth going back to.
    """
    slot = slots.live(layout)
    definition = slots.started(layout, slot)
    if slot is None or definition is None:
        return
    former = slots.started(layout, other(slot))
    disk.link(layout.current, slots.folder(layout, slot))
    assets.publish(layout, slot)
    if not responses.current(layout, slot):
        responses.begin(layout, slot)
    for line in drift.put_right(layout, slot):
        say(result.result(line))
    slots.forget(layout)
    schedules.start(layout, definition, former, slot)
    cpu_weight.equal(layout, slot)
    _keep_definition(layout, definition)
    if not keep_warm or not former or not _is_former(layout, former, definition):
        definition = replace(definition, warm=0)
    _retire(layout, former, other(slot), definition, say)


def _is_former(layout: Layout, former: Definition, live: Definition) -> bool:
    """Whether a rollback would go to the very thing that runs in the former slot."""
    kept = slots.load_or_none(layout.definition(former.tag))
    return bool(kept and kept.identity == former.identity and former.tag != live.tag)


def _keep_definition(layout: Layout, definition: Definition) -> None:
    """Remember with what the release was good, for a rollback."""
    kept = layout.definition(definition.tag)
    if disk.read_json(kept / FILE) != disk.read_json(definition.folder / FILE):
        disk.copy_tree(definition.folder, kept)


def _retire(
    layout: Layout, former: Definition | None, slot: str, live: Definition, say: Say
) -> None:
    """Stop what runs in the former slot once its last requests are finished, or keep its web
    processes frozen (`warm`) for app.warm_seconds, where the live release wants that."""
    runs = slots.running(layout, slot)
    if not runs:
        systemd.attempt("stop", [layout.slot_target(slot)])
        return
    if former and set(former.workers(layout, slot)) & set(runs):
        _stop_workers(layout, former, slot)
    left = drain.wait(_sockets(layout, slot), live.drain)
    if left:
        said = (
            f"{left} connections to the former release were ended after {live.drain} s"
            " (app.drain_seconds)"
        )
        say(result.result(said))
    elif live.warm and former and warm.keep(layout, former, slot, live.warm, say):
        return
    slots.stop(layout, slot)


def _sockets(layout: Layout, slot: str) -> list[Path]:
    return list(layout.run(slot).glob("*.sock"))
