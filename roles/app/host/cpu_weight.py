"""How much of the CPU's time what is built and what starts get, where there is not enough for all.

They take what the live release leaves, so that users do not wait for them: their slice is an idle
group, which the kernel puts off at once for whoever wakes in a group beside it. With a small share
in its place users would wait until its turn is over, again and again. Beside what takes all there
is, an idle group hardly runs: what got too little goes on with its share, and starts as an equal.
Kernels know idle groups since 5.15; on an older one all are equal.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from roles.core.host import idle

from . import systemd
from .layout import Layout
from .memory import GROUPS

RELEASES = "readyhost_release.slice"
"""Beside the slices of the system and of the applications: elsewhere it would come only after what
is in the same one."""
PATIENCE = 10.0  # seconds; what got too little by then, as on a host without a rest, is put off
HASTE = 2.0  # seconds, the same where users may wait for it: on the way back, and for a migration
ENOUGH = 0.25  # of a core: with that much it gets on
LOOK = 0.5  # seconds between two looks at what it got
FOREVER = float("inf")
TICKS = os.sysconf("SC_CLK_TCK")

_one_says = threading.Lock()
_looks: dict[str, threading.Event] = {}
"""Who looks at a slice, by its name: an event that ends the look."""


def equal(layout: Layout, slot: str) -> None:
    """Give what runs in `slot` as much as the other slot has."""
    _equal(layout.slot_slice(slot))


def behind(layout: Layout, slot: str, patience: float) -> threading.Event:
    """Let what starts in `slot` come after the other slot from now on, until they are made equal:
    by `equal`, or when it has got too little after `patience`, seconds. To set the event ends that
    look."""
    return _put_off(layout.slot_slice(slot), patience)


@contextmanager
def ending(layout: Layout, slot: str, longest: float = FOREVER) -> Iterator[None]:
    """Let what ends in `slot` come after the other slot for as long: it has work to do, too, above
    all what was frozen. What runs there next is nobody's to put off but its own start's. longest:
    seconds after which it is equal all the same."""
    _put_off(layout.slot_slice(slot), HASTE, longest)
    try:
        yield
    finally:
        equal(layout, slot)


def release(patience: float = PATIENCE) -> None:
    """Let what this program does for a release, in its own slice, come after all that serves, as
    `building` does."""
    building(RELEASES, patience)


def release_equal() -> None:
    """Let what is done for a release be the equal of what serves."""
    _equal(RELEASES)


@contextmanager
def at_once() -> Iterator[None]:
    """Let what is done for a release be the equal of what serves for as long, as a switch is."""
    was_idle = idle.is_idle(RELEASES)
    release_equal()
    try:
        yield
    finally:
        if was_idle:
            release()


def building(unit: str, patience: float = PATIENCE) -> None:
    """Let what is built in the slice `unit` come after all that serves, and have its own share when
    it has got too little after `patience`, seconds."""
    _put_off(unit, patience)


def _put_off(unit: str, patience: float, longest: float = FOREVER) -> threading.Event:
    """Make a slice an idle group. A thread looks whether it gets on, until that event or until they
    are made equal: this program waits for the start or the build itself meanwhile."""
    _end_look(unit)
    if not idle.has_group(unit):
        systemd.attempt("start", [unit])
    idle.make(unit, idle=True)
    group = idle.group(unit)
    seconds = Got()
    looks: deque[tuple[float, bool]] = deque(maxlen=round(patience / LOOK) + 1)
    done = _looks[unit] = threading.Event()
    end = time.monotonic() + longest

    def look() -> None:
        while not done.wait(LOOK):
            processes = _processes(group)
            looks.append((seconds.now(processes), any(map(_wants, processes))))
            got, wanted = looks[-1][0] - looks[0][0], sum(wants for _, wants in looks)
            short = got < ENOUGH * patience and wanted > len(looks) / 2
            late = (len(looks) == looks.maxlen and short) or time.monotonic() > end
            with _one_says:
                if not done.is_set():
                    # Each time it reads its units, systemd says that they are not (252 and later).
                    idle.make(unit, idle=not late)
            if late:
                return

    threading.Thread(target=look, daemon=True).start()
    return done


def _equal(unit: str) -> None:
    _end_look(unit)
    idle.make(unit, idle=False)


def _end_look(unit: str) -> None:
    with _one_says:
        if unit in _looks:
            _looks.pop(unit).set()


class Got:
    """Seconds of CPU that processes got, those that have ended too. It holds one number for these:
    what is built may be a thousand processes a second, for hours."""

    def __init__(self) -> None:
        self._ended, self._running = 0.0, dict[str, float]()

    def now(self, processes: Iterable[str]) -> float:
        running = {each: _ran(each) for each in processes}
        self._ended += sum(got for each, got in self._running.items() if each not in running)
        self._running = running
        return self._ended + sum(running.values())


def _processes(group: str) -> list[str]:
    """All that are in a control group, or in one below it."""
    tops = (top for top in (GROUPS / "systemd" / group, GROUPS / group) if group and top.is_dir())
    found = []
    for folder, _, _ in os.walk(next(tops, GROUPS / "none")):  # groups end while it looks
        with suppress(OSError):
            found += Path(folder, "cgroup.procs").read_text().split()
    return found


def _ran(process: str) -> float:
    """Seconds of CPU that it got."""
    with suppress(OSError):
        about = _stat(Path(f"/proc/{process}"))
        return sum(map(int, about[11:13])) / TICKS
    return 0.0


def _wants(process: str) -> bool:
    """Whether one of its threads runs or waits for a core. What sleeps, as while it is asked if
    it is well, is not short of CPU."""
    who_looks = str(threading.get_native_id())
    with suppress(OSError):  # it ends at any moment, and so does a thread of it
        for thread in Path(f"/proc/{process}/task").iterdir():
            if _stat(thread)[:1] == ["R"] and thread.name != who_looks:
                return True
    return False


def _stat(of: Path) -> list[str]:
    """What stands behind its name, which it has chosen itself: any bytes but zero (proc(5))."""
    return (of / "stat").read_text(errors="replace").rpartition(")")[2].split()
