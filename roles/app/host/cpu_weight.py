"""How much of the CPU's time what is built and what starts get, where there is not enough for all.

They take what the live release leaves, so that users do not wait for them: their slice is an idle
group, which the kernel puts off at once for whoever wakes in a group beside it. With a small share
in its place users would wait until its turn is over, again and again. Beside what takes all there
is, an idle group hardly runs: what got too little goes on with its share, and starts as an equal.
Kernels know idle groups since 5.15; on an older one a slot has a tenth of the live one's weight.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from . import systemd
from .layout import Layout
from .memory import GROUPS

LIVE, STARTING = 100, 10  # systemd's weights
PATIENCE = 10.0  # seconds; what got too little by then, as on a host without a rest, is put off
HASTE = 2.0  # seconds, the same on the way back: what is live may be what keeps the host busy
ENOUGH = 0.25  # of a core: with that much it gets on
LOOK = 0.5  # seconds between two looks at what it got
CONTROL = Path("/run/systemd/system.control")
TICKS = os.sysconf("SC_CLK_TCK")


def equal(layout: Layout, slot: str) -> None:
    """Give what runs in `slot` as much as the other slot has."""
    unit = layout.slot_slice(slot)
    if _weighed(unit):
        _idle(_group(unit), is_idle=False)
        systemd.weigh(unit, LIVE)


def behind(layout: Layout, slot: str, patience: float) -> None:
    """Let what starts in `slot` come after the other slot from now on, until they are made equal:
    by `equal`, or when it has got too little after `patience`, seconds."""
    unit = layout.slot_slice(slot)
    systemd.weigh(unit, STARTING)
    _put_off(unit, patience, lambda: equal(layout, slot))


def building(unit: str, patience: float = PATIENCE) -> None:
    """Let what is built in the slice `unit` come after all that serves, and have its own share when
    it has got too little after `patience`, seconds."""
    _put_off(unit, patience, lambda: _idle(_group(unit), is_idle=False))


def _put_off(unit: str, patience: float, late: Callable[[], None]) -> None:
    """A thread looks: this program waits for the start or the build itself meanwhile."""
    systemd.attempt("start", [unit])  # there is no group to make idle before
    group = _group(unit)
    _idle(group, is_idle=True)
    begun = time.monotonic()
    got: dict[str, int] = {}

    def look() -> None:
        while True:
            time.sleep(LOOK)
            for process in _processes(group):  # those that have ended by now count as well
                got[process] = max(got.get(process, 0), _ticks(process))
            passed = time.monotonic() - begun
            if passed > patience and sum(got.values()) / TICKS < ENOUGH * passed:
                late()
                return

    threading.Thread(target=look, daemon=True).start()


def _weighed(unit: str) -> bool:
    """Whether it has another weight than what serves."""
    file = CONTROL / f"{unit}.d" / "50-CPUWeight.conf"
    with suppress(OSError):
        return f"CPUWeight={LIVE}\n" not in file.read_text()
    return False


def _group(unit: str) -> str:
    return systemd.show([unit], "ControlGroup")[unit].get("ControlGroup", "").lstrip("/")


def _idle(group: str, *, is_idle: bool) -> None:
    """Make a control group idle, or one with a weight; of the second version or the first."""
    for controller in ("", "cpu", "cpu,cpuacct"):
        file = GROUPS / controller / group / "cpu.idle"
        with suppress(OSError):
            if group and file.exists():
                file.write_text("1" if is_idle else "0")


def _processes(group: str) -> Iterator[str]:
    """All that are in a control group, or in one below it."""
    tops = (top for top in (GROUPS / "systemd" / group, GROUPS / group) if group and top.is_dir())
    for file in next(tops, GROUPS / "none").rglob("cgroup.procs"):
        with suppress(OSError):
            yield from file.read_text().split()


def _ticks(process: str) -> int:
    with suppress(OSError):
        about = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, about[11:13]))
    return 0
