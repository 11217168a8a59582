"""Starting a release in its slot, and proving it there before any user is sent to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from . import disk, health, share, systemd
from .definition import Definition
from .errors import ReleaseError
from .layout import Layout

RELEASED = "released"
DEATHS = 5  # of a process before it has answered; more waiting would be vain
WORKER_PROOF = 2.0  # seconds that background processes have to live before the switch

Say = Callable[[str], None]


def start(layout: Layout, definition: Definition, slot: str, say: Say) -> None:
    """Run the release steps, start the web processes, then the workers, each proven before the
    next begin. Raises ReleaseError with the reason, and what the processes at fault said.

    A release that was live with this very definition has proven itself: going back to it waits for
    one good answer of each web process, not for a row, and its workers start with the switch:
    `require_workers` looks at them afterwards.
    """
    _release_steps(layout, definition, slot, say)
    back = definition.folder == layout.definition(definition.tag)
    _start_web(layout, definition, slot, say, back=back)
    if not back:
        _start_workers(layout, definition, slot, say)


def _release_steps(layout: Layout, definition: Definition, slot: str, say: Say) -> None:
    """Once per release, wherever it is started how often."""
    mark = layout.facts(definition.tag) / RELEASED
    done = mark.read_text() if mark.exists() else ""
    if not definition.release_steps or done == definition.commit:
        return
    say("release steps")
    # Who waits for a migration's locks waits for the migration.
    share.equal(layout, slot)
    unit = layout.release_unit(slot)
    begun = time.time()
    try:
        systemd.call("start", [unit])
    except ReleaseError:
        result = systemd.show([unit], "Result")[unit].get("Result", "")
        raise _failure(f"the release steps failed ({result})", [unit], begun) from None
    disk.write(mark, definition.commit.encode(), 0o600)


def _start_web(layout: Layout, definition: Definition, slot: str, say: Say, *, back: bool) -> None:
    units = definition.web(layout, slot)
    sockets = dict(zip(units, definition.sockets(layout, slot)))  # noqa: B905 - Python 3.9
    asked = {**definition.health, "successes": 1} if back else definition.health
    say(f"starting {len(units)} web processes")
    look = share.behind(layout, slot, share.HASTE if back else share.PATIENCE)
    begun = time.time()
    systemd.start(units)

    def hopeless() -> Mapping[str, str]:
        look()
        deaths = systemd.restarts(units)
        return {u: f"it has ended {n} times" for u, n in deaths.items() if n >= DEATHS}

    reasons = health.wait(sockets, asked, hopeless)
    if reasons:
        unit, reason = max(reasons.items(), key=lambda item: len(item[1]))
        what = f"{len(reasons)} of {len(units)} web processes are not healthy; {unit}: {reason}"
        raise _failure(what, [unit], begun)


def _start_workers(layout: Layout, definition: Definition, slot: str, say: Say) -> None:
    units = definition.workers(layout, slot)
    if not units:
        return
    say(f"starting {len(units)} workers")
    begun = time.time()
    systemd.start(units)
    time.sleep(WORKER_PROOF)
    _require_alive(units, begun)


def require_workers(layout: Layout, definition: Definition, slot: str, since: float) -> None:
    """Look at background processes that were started just before `since` (seconds of the epoch)
    when they have had their time. Raises ReleaseError with what the first of the dead said."""
    units = definition.workers(layout, slot)
    if units:
        time.sleep(max(since + WORKER_PROOF - time.time(), 0))
        _require_alive(units, since - 1)


def _require_alive(units: list[str], since: float) -> None:
    dead = [unit for unit, count in systemd.restarts(units).items() if count]
    dead += [unit for unit in systemd.inactive(units) if unit not in dead]
    if dead:
        raise _failure(f"{', '.join(dead)} ended at once", dead[:1], since)


def _failure(what: str, units: list[str], since: float) -> ReleaseError:
    """The reason, and what the processes at fault said."""
    lines = [what]
    for unit in units:
        said = systemd.words(unit, since=since)
        lines += [f"last lines of {unit}:", *(f"  {line}" for line in said)] if said else []
    return ReleaseError("\n".join(lines))
