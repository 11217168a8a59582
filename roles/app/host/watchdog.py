"""What live processes need while nobody looks: those that hang are found by their health check and
restarted, one at a time; those that the kernel ended for memory are noted."""

from __future__ import annotations

import time
from collections.abc import Callable

from . import answers, health, pending_switch, slots, systemd, warm
from .definition import Definition
from .layout import Layout
from .lost import Minder

INTERVAL = 5.0  # seconds between two rounds
LATELY = 10.0  # seconds; Nginx logs an answer some seconds later (nginx.log_flush_seconds)
SILENT = ("was not answered in", "Resource temporarily unavailable")  # connections that only wait


def mind(layout: Layout, longest: float, say: Callable[[str], None]) -> None:
    """Look after the live processes for ever; a web process that has answered nothing for `longest`
    seconds is restarted, none if that is 0. Does not return.

    A process that answers badly stays: a restart does not bring back its database. Where all hang
    at once it may be what they wait for, so only one is restarted in each `longest` seconds. While
    a switch is being watched the watch decides, and what a run or a restore has stopped is left.
    """
    since: dict[str, float] = {}
    minder: Minder | None = None
    while True:
        time.sleep(INTERVAL)
        definition = slots.started(layout, slot := slots.live(layout))
        if slot is None or definition is None or pending_switch.exists(layout):
            since.clear()
            minder = None
            continue
        if warm.relieve(layout):
            say("the former release is stopped: memory runs low, and it was only kept warm")
        if minder is None or (minder.slot, minder.definition) != (slot, definition):
            minder = Minder(layout, definition, slot)
            said = minder.before
        else:
            said = minder()
        if said:
            say(said)
        if not longest:
            continue
        unit = hanging(since, silent(layout, definition, slot), time.monotonic(), longest)
        if unit and slots.live(layout) == slot and not systemd.inactive([unit]):
            say(f"{unit} has answered nothing for {longest:.0f} s and is restarted")
            systemd.attempt("try-restart", [unit])
            since.clear()


def silent(layout: Layout, definition: Definition, slot: str) -> list[str]:
    """Units of web processes that were asked and gave no answer at all, nor one to Nginx lately:
    where all of its threads are busy, the question only waits behind those of users."""
    web = definition.web(layout, slot)
    sockets = dict(zip(web, definition.sockets(layout, slot), strict=True))
    asked = health.ask_all(sockets, definition.health, definition.each(layout, slot))
    quiet = [unit for unit, said in asked.items() if any(word in said for word in SILENT)]
    busy = answers.answered(layout, time.time() - LATELY) if quiet else set()
    return [unit for unit in quiet if sockets[unit].name not in busy]


def hanging(since: dict[str, float], quiet: list[str], now: float, longest: float) -> str:
    """The unit that has been `quiet` for longest, if that is `longest` seconds; empty for none.
    `since` is kept from one look to the next: when each one's silence began."""
    for unit in set(since) - set(quiet):
        del since[unit]
    for unit in quiet:
        since.setdefault(unit, now)
    late = [unit for unit in quiet if now - since[unit] >= longest]
    return min(late, key=lambda unit: since[unit]) if late else ""
