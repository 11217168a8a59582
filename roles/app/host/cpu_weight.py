"""How much of the CPU's time the two slots get where there is not enough for both.

A release that starts takes what the live one leaves, so that its start is not what users wait for:
its slot is an idle group, which the kernel puts off at once for whoever wakes in the live one. With
a small share in its place they would wait until its turn is over, again and again. Beside a live
one that takes all there is, an idle group hardly runs at all: what got too little starts as an equal.
Kernels know idle groups since 5.15; on an older one it has a tenth of the live one's weight.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from . import systemd
from .layout import Layout
from .memory import GROUPS

LIVE, STARTING = 100, 10  # systemd's weights
PATIENCE = 10.0  # seconds; what got too little by then, as on a host without a rest, is an equal
HASTE = 2.0  # seconds, the same on the way back: what is live may be what keeps the host busy
ENOUGH = 0.25  # of a core: with that much it does start
LOOK = 0.5  # seconds between two looks at what it got
CONTROL = Path("/run/systemd/system.control")
TICKS = os.sysconf("SC_CLK_TCK")


def equal(layout: Layout, slot: str) -> None:
    """Give what runs in `slot` as much as the other slot has."""
    unit = layout.slot_slice(slot)
    if not _weighed(unit):
        return
    _idle(unit, is_idle=False)
    systemd.weigh(unit, LIVE)


def behind(layout: Layout, slot: str, patience: float) -> None:
    """Let what starts in `slot` come after the other slot from now on, until they are made equal:
    by `equal`, or when it has got too little after `patience`, seconds.

    A thread looks: this program may be waiting for the start itself meanwhile.
    """
    unit = layout.slot_slice(slot)
    systemd.weigh(unit, STARTING)
    systemd.attempt("start", [unit])  # there is no group to make idle before
    _idle(unit, is_idle=True)
    begun = time.monotonic()

    def look() -> None:
        while True:
            time.sleep(LOOK)
            passed = time.monotonic() - begun
            if passed > patience and _used(unit) < ENOUGH * passed:
                equal(layout, slot)
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


def _idle(unit: str, *, is_idle: bool) -> None:
    """Make a slice an idle group, or one with a weight; of the second version or the first."""
    group = _group(unit)
    for controller in ("", "cpu", "cpu,cpuacct"):
        file = GROUPS / controller / group / "cpu.idle"
        with suppress(OSError):
            if group and file.exists():
                file.write_text("1" if is_idle else "0")


def _used(unit: str) -> float:
    """Seconds of CPU time that its processes have had."""
    return sum(_ticks(process) for process in _processes(_group(unit))) / TICKS


def _processes(group: str) -> Iterator[str]:
    for top in (GROUPS / "systemd" / group, GROUPS / group):
        if group and top.is_dir():
            for file in top.rglob("cgroup.procs"):
                with suppress(OSError):
                    yield from file.read_text().split()
            return


def _ticks(process: str) -> int:
    with suppress(OSError):
        return sum(
            map(int, Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[11:13])
        )
    return 0
