"""Making a release live: beside the old one, proven, then in its place."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path

from . import disk, drain, health, slots, systemd
from .definition import Definition
from .errors import ReleaseError
from .layout import Layout

RELEASED = "released"
DEATHS = 5  # of a process before it has answered; more waiting would be vain
WORKER_PROOF = 2.0  # seconds that background processes have to live before the switch

Say = Callable[[str], None]


def activate(layout: Layout, definition: Definition, say: Say) -> None:
    """Make `definition`, which is built, the live release; `tidy` is due when this returns.

    Raises ReleaseError before anything changed for users: the old release serves on and the slot
    that was tried is empty again.
    """
    old = slots.live(layout)
    slot = slots.other(old)
    slots.stop(layout, slot)
    slots.install(layout, definition, slot)
    try:
        _release_steps(layout, definition, slot, say)
        _start_web(layout, definition, slot, say)
        # A release that was live with this very definition has proven its workers: going back to
        # it need not wait for that again.
        proven = definition.folder == layout.definition(definition.tag)
        _start_workers(layout, definition, slot, 0 if proven else WORKER_PROOF, say)
    except ReleaseError:
        slots.stop(layout, slot)
        raise
    systemd.call("enable", [layout.slot_target(slot)])
    systemd.call("start", [layout.slot_target(slot)])
    if definition.folder != layout.definition(definition.tag):
        disk.copy_tree(definition.folder, layout.definition(definition.tag))
    disk.link(layout.current, layout.release(definition.tag))
    disk.link(layout.live, layout.run(slot))
    say(f"{definition.tag} is live in slot {slot}")


def tidy(layout: Layout, say: Say) -> None:
    """Finish a switch: schedules of the live release, its start at boot, the other slot stopped."""
    slot = slots.live(layout)
    definition = slots.started(layout, slot)
    if slot is None or definition is None:
        return
    former = slots.started(layout, slots.other(slot))
    disk.link(layout.current, layout.release(definition.tag))
    _timers(layout, definition, former, slot)
    systemd.call("enable", [layout.slot_target(slot), layout.target])
    systemd.call("start", [layout.target])
    _retire(layout, former, slots.other(slot), definition.drain, say)


def _release_steps(layout: Layout, definition: Definition, slot: str, say: Say) -> None:
    """Once per release, wherever it is started how often."""
    mark = layout.facts(definition.tag) / RELEASED
    done = mark.read_text() if mark.exists() else ""
    if not definition.release_steps or done == definition.commit:
        return
    say("release steps")
    unit = layout.release_unit(slot)
    begun = time.time()
    try:
        systemd.call("start", [unit])
    except ReleaseError:
        result = systemd.show([unit], "Result")[unit].get("Result", "")
        raise _failure(f"the release steps failed ({result})", [unit], begun) from None
    disk.write(mark, definition.commit.encode(), 0o600)


def _start_web(layout: Layout, definition: Definition, slot: str, say: Say) -> None:
    units = definition.web(layout, slot)
    sockets = dict(zip(units, definition.sockets(layout, slot)))  # noqa: B905 - Python 3.9
    say(f"starting {len(units)} web processes")
    begun = time.time()
    systemd.call("start", units)

    def hopeless() -> Mapping[str, str]:
        deaths = systemd.restarts(units)
        return {u: f"it has ended {n} times" for u, n in deaths.items() if n >= DEATHS}

    reasons = health.wait(sockets, definition.health, hopeless)
    if reasons:
        unit, reason = max(reasons.items(), key=lambda item: len(item[1]))
        what = f"{len(reasons)} of {len(units)} web processes are not healthy; {unit}: {reason}"
        raise _failure(what, [unit], begun)


def _start_workers(
    layout: Layout, definition: Definition, slot: str, proof: float, say: Say
) -> None:
    units = definition.workers(layout, slot)
    if not units:
        return
    say(f"starting {len(units)} workers")
    begun = time.time()
    systemd.call("start", units)
    time.sleep(proof)
    dead = [unit for unit, count in systemd.restarts(units).items() if count]
    dead += [unit for unit in systemd.inactive(units) if unit not in dead]
    if dead:
        raise _failure(f"{', '.join(dead)} ended at once", dead[:1], begun)


def _failure(what: str, units: list[str], since: float) -> ReleaseError:
    """The reason, and what the processes at fault said."""
    lines = [what]
    for unit in units:
        said = systemd.words(unit, since=since)
        lines += [f"last lines of {unit}:", *(f"  {line}" for line in said)] if said else []
    return ReleaseError("\n".join(lines))


def _timers(layout: Layout, definition: Definition, former: Definition | None, slot: str) -> None:
    files = {n: data for n, data in definition.unit_files(slot).items() if slots.is_timer(n)}
    gone = [name for name in (former.timers if former else ()) if name not in files]
    systemd.attempt("disable", gone)
    systemd.attempt("stop", gone)
    changed = []
    for name, data in files.items():
        path = layout.units / name
        if not path.exists() or path.read_bytes() != data:
            disk.write(path, data)
            changed.append(name)
    for name in gone:
        (layout.units / name).unlink(missing_ok=True)
    if changed or gone:
        systemd.call("daemon-reload", [])
    systemd.call("enable", list(files))
    systemd.call("restart", changed)
    systemd.call("start", list(files))


def _retire(layout: Layout, former: Definition | None, slot: str, longest: int, say: Say) -> None:
    if not slots.running(layout, slot):
        systemd.attempt("disable", [layout.slot_target(slot)])
        return
    if former:
        # It takes no new work while its last requests are finished.
        systemd.attempt("stop", former.workers(layout, slot))
    left = drain.wait(_sockets(layout, slot), longest)
    if left:
        say(f"{left} connections to the former release are ended after {longest} s")
    slots.stop(layout, slot)


def _sockets(layout: Layout, slot: str) -> list[Path]:
    return list(layout.run(slot).glob("web-*.sock"))
