"""Why a process of a unit ended: its exit status, its signal, or that it was out of memory."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from typing import Any

from roles.core.host import disk

from . import systemd
from .definition import FILE
from .layout import Layout
from .trees import Trees

GROUPS = Path("/sys/fs/cgroup")
LATE = 0.5  # seconds that the journal gets to hear of an end
MIB = 2**20
ROOM = "A build has the memory that the host has left, and base.swap_mb gives it more"
OUT_OF_MEMORY, KILLED = "oom-kill", "killed by SIGKILL"


class Causes:
    """Ends of processes of a slot since this was made; called with a unit, it tells why its last
    process ended. Empty when none did, or nothing was told of it.

    trees: what forks units were seen with, by whoever looks at them again and again."""

    def __init__(self, layout: Layout, slot: str, trees: Trees | None = None) -> None:
        self.layout, self.slot, self.since = layout, slot, time.time()
        self.trees = trees or Trees()
        self.killed = killed(layout.slot_slice(slot))

    def __call__(self, unit: str) -> str:
        said = told(_late_ends(unit, self.since))
        if said == OUT_OF_MEMORY:
            return self.out_of_memory(unit)
        if said != KILLED:
            return said
        now = killed(self.layout.slot_slice(self.slot))
        if now is None or self.killed is None:
            return f"{said}, as the kernel does when it is out of memory, at {self._ceiling(unit)}"
        return self.out_of_memory(unit) if now > self.killed else said

    def out_of_memory(self, unit: str) -> str:
        """What is said of a process of a unit that the kernel has ended for memory."""
        return f"out of memory: it was killed at {self._ceiling(unit)}"

    def _ceiling(self, unit: str) -> str:
        limit = systemd.show([unit], "MemoryMax")[unit].get("MemoryMax", "")
        size = f"{int(limit) // MIB} MiB" if limit.isdigit() else "memory"
        table = setting(self.layout, self.slot, unit)
        return (
            f"its ceiling of {size} ({table}.memory_max_mb) or that of all processes together"
            f" (app.memory_share_percent){self.trees.advice(unit, table)}"
        )


def setting(layout: Layout, slot: str, unit: str) -> str:
    """The table of the settings that a unit's process has."""
    process = unit[len(layout.name) + 1 :].partition(f"-{slot}")[0]
    if process in ("web", "release"):
        return "app.web"
    kinds = disk.read_json(layout.started(slot) / FILE).get("http", {})
    return f"app.{'http' if process in kinds else 'workers'}.{process}"


def told(entries: list[dict[str, Any]]) -> str:
    """How a process ended, from what systemd logged of its unit, the newest first."""
    result = next((e["UNIT_RESULT"] for e in entries if e.get("UNIT_RESULT")), "")
    if result == OUT_OF_MEMORY:
        return result
    ended = next((e for e in entries if e.get("EXIT_CODE")), None)
    if ended is None:
        return ""
    code, status = ended["EXIT_CODE"], str(ended.get("EXIT_STATUS", ""))
    if code == "exited":
        return f"it ended with exit status {status}"
    try:
        return f"killed by {signal.Signals(int(status)).name}"
    except ValueError:
        return f"killed by signal {status}"


def step(unit: str, since: float, status: int) -> str:
    """How a build step ended that failed, from what systemd logged of its unit since a time, and
    from its exit status."""
    return failed(told(_late_ends(unit, since)), status)


def failed(said: str, status: int) -> str:
    """The end of a step in words. said: what `told` gave; status: of what ran it, which for a shell
    whose program was killed is 128 more than the signal."""
    if said.startswith("killed by"):
        words = said
    elif said == OUT_OF_MEMORY:
        return f"out of memory: the kernel killed it. {ROOM}"
    else:
        words = f"exit status {status}"
        with suppress(ValueError):
            words += f", as of a process killed by {signal.Signals(status - 128).name}"
    return (
        f"{words}, as the kernel does when it is out of memory. {ROOM}"
        if KILLED in words
        else words
    )


def _late_ends(unit: str, since: float) -> list[dict[str, Any]]:
    end = time.monotonic() + LATE
    while not (entries := _ends(unit, since)) and time.monotonic() < end:
        time.sleep(0.1)
    return entries


def _ends(unit: str, since: float) -> list[dict[str, Any]]:
    """What systemd itself logged of ends of a unit's processes, the newest first."""
    done = subprocess.run(
        [
            *"journalctl -q -r -o json -n 30 _PID=1".split(),
            f"--since=@{int(since)}",
            f"UNIT={unit}",
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    entries = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return [e for e in entries if e.get("EXIT_CODE") or e.get("UNIT_RESULT")]


def killed(slice_: str) -> int | None:
    """How many processes of a slice the kernel has ended for memory; None where it does not count
    them together (control groups of the first version).

    systemd does not see every one, and the group of a unit that was started again is gone.
    """
    group = systemd.show([slice_], "ControlGroup")[slice_].get("ControlGroup", "")
    try:
        text = (GROUPS / group.lstrip("/") / "memory.events").read_text()
    except OSError:
        return None if not (GROUPS / "cgroup.controllers").exists() else 0
    return int(dict(line.split() for line in text.splitlines()).get("oom_kill", 0))
