"""Starting a release in its slot, and proving it there before any user is sent to it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from roles.core.host import disk

from . import assets, built, cpu_weight, health, hints, listening, origins, result, systemd
from .cause import Causes
from .definition import Definition
from .errors import ReleaseError
from .layout import Layout
from .memory import Losses
from .said import READ, end

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
    assets.require(layout, definition)
    _release_steps(layout, definition, slot, say)
    is_rollback = definition.folder == layout.definition(definition.tag)
    _start_web(layout, definition, slot, say, is_rollback=is_rollback)
    if definition.static and definition.processes["web"] and not is_rollback:
        from . import page  # a way back does not wait until that is read

        static = built.folder(layout, definition) / definition.static
        if reason := page.missing(definition.page(layout, slot), definition.health, static):
            raise ReleaseError(reason)
    if not is_rollback:
        sockets = definition.sockets(layout, slot)
        if sockets and (said := origins.dropped(sockets[0], definition.health)):
            say(result.result(said))  # for the end of the run: nobody reads it on the way
        _start_workers(layout, definition, slot, say)


def _release_steps(layout: Layout, definition: Definition, slot: str, say: Say) -> None:
    """Once per release, wherever it is started how often."""
    mark = layout.facts(definition.tag) / RELEASED
    done = mark.read_text() if mark.exists() else ""
    if not definition.release_steps or done == definition.commit:
        return
    say("release steps")
    unit = layout.release_unit(slot)
    causes = Causes(layout, slot)
    # Not for long: who waits for a migration's locks waits for the migration.
    look = cpu_weight.behind(layout, slot, cpu_weight.HASTE)
    try:
        systemd.call("start", [unit])
    except ReleaseError:
        shown = systemd.show([unit], "Result", "TimeoutStartUSec")[unit]
        why = causes(unit) or shown.get("Result", "")
        if shown.get("Result") == "timeout":
            why = (
                f"timeout: longer than {shown.get('TimeoutStartUSec')}, app.release_timeout_seconds"
            )
        raise _failure(f"the release steps failed ({why})", [unit], causes.since) from None
    finally:
        look.set()
    disk.write(mark, definition.commit.encode(), 0o600)


def _start_web(
    layout: Layout, definition: Definition, slot: str, say: Say, *, is_rollback: bool
) -> None:
    units = definition.web(layout, slot)
    if not units:  # it is only files
        return
    sockets = dict(zip(units, definition.sockets(layout, slot), strict=True))
    asked = {**definition.health, "successes": 1} if is_rollback else definition.health
    each = definition.each(layout, slot, **({"successes": 1} if is_rollback else {}))
    say(f"starting {len(units)} web processes")
    cpu_weight.behind(layout, slot, cpu_weight.HASTE if is_rollback else cpu_weight.PATIENCE)
    causes = Causes(layout, slot)
    systemd.start(units)
    losses = Losses(units)

    def unrecoverable() -> Mapping[str, str]:
        causes.trees.look(units)
        deaths = systemd.restarts(units)
        return {u: f"it has ended {n} times" for u, n in deaths.items() if n >= DEATHS}

    reasons = health.wait(sockets, asked, unrecoverable, each)
    if reasons:
        unit, reason = max(reasons.items(), key=lambda item: len(item[1]))
        in_time = time.time() < causes.since + asked["deadline"]
        after = "" if in_time else f" after {asked['deadline']} s (app.health.deadline_seconds)"
        died = causes(unit) if systemd.ends([unit])[unit] else ""
        if losses()[unit] and not died:
            died = f"one of its processes was {causes.out_of_memory(unit)}"
        what = f"{len(reasons)} of {len(units)} web processes are not healthy{after}; {unit}: "
        elsewhere = ""
        if not health.reached(reason, each.get(unit, asked)):
            listens = definition.listens(layout, slot, unit)
            elsewhere = listening.instead(listens, listening.places([unit] if each else units))
        why = [died, reason, elsewhere]
        raise _failure(what + "; ".join(filter(None, why)), [unit], causes.since)
    _require_whole(losses(), causes)


def _start_workers(layout: Layout, definition: Definition, slot: str, say: Say) -> None:
    units = definition.workers(layout, slot)
    if not units:
        return
    say(f"starting {len(units)} workers")
    causes = Causes(layout, slot)
    systemd.start(units)
    losses = Losses(units)
    time.sleep(WORKER_PROOF)
    _require_alive(units, causes)
    _require_whole(losses(), causes)


def require_workers(layout: Layout, definition: Definition, slot: str, causes: Causes) -> None:
    """Look at background processes that were started just before `causes` were looked for, when
    they have had their time. Raises ReleaseError with what the first of the dead said."""
    units = definition.workers(layout, slot)
    if units:
        time.sleep(max(causes.since + WORKER_PROOF - time.time(), 0))
        causes.since -= 1
        _require_alive(units, causes)


def _require_alive(units: list[str], causes: Causes) -> None:
    dead = [unit for unit, count in systemd.restarts(units).items() if count]
    dead += [unit for unit in systemd.inactive(units) if unit not in dead]
    if dead:
        why = f": {said}" if (said := causes(dead[0])) else ""
        raise _failure(f"{', '.join(dead)} ended at once{why}", dead[:1], causes.since)


def _require_whole(lost: Mapping[str, int], causes: Causes) -> None:
    """None that makes processes has lost one to memory while it started: it would go on so."""
    for unit, count in lost.items():
        if count:
            what = f"{unit} lost {'one' if count == 1 else count} of its processes"
            raise _failure(f"{what}: {causes.out_of_memory(unit)}", [unit], causes.since)


def _failure(what: str, units: list[str], since: float) -> ReleaseError:
    """The reason, what the processes at fault seem to miss, and what they said."""
    said = last_lines(units, since)
    return ReleaseError("\n".join([what, *hints.hints(said), *said]))


def last_lines(units: list[str], since: float) -> list[str]:
    """What the processes of units said last, since a time (seconds of the epoch)."""
    lines = []
    for unit in units:
        said = end(systemd.words(unit, READ, since))
        lines += [f"last lines of {unit}:", *(f"  {line}" for line in said)] if said else []
    return lines
