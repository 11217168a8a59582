"""The runs, and the figures they give."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.boxes import Sessions, box
from benchmarks.provision.contenders import readyhost, unchanged
from vagrant.driver import Box

from .distance import away
from .start import start

RUNS = 10
ROUND_TRIP = 0.05  # seconds, as from one continent's edge to the other
SSH_PORT = 22


def second(suite: str, source: Path) -> dict[str, Any]:
    """Second runs on one box of `suite`, near and far, alternating: whatever slows the machine down
    slows both. Seconds."""
    with box("second", suite, source) as machine:
        readyhost(machine)
        sessions = Sessions(machine)
        near, far = [], []
        with away(machine.ip, SSH_PORT, ROUND_TRIP) as port:
            there = ("--data", "ssh_hostname=127.0.0.1", "--data", f"ssh_port={port}")
            for _ in range(RUNS):
                near.append(_run(machine))
                far.append(_run(machine, there))
        commands = sessions.count() / (2 * RUNS)
    return {
        "start": start(),
        "near": median(near),
        "far": median(far),
        "runs": {"near": near, "far": far},
        "commands": commands,
        "round trip": ROUND_TRIP,
    }


def _run(machine: Box, more: Sequence[str] = ()) -> float:
    run = readyhost(machine, more)
    if not unchanged(run):
        raise RuntimeError(f"a second run changed something\n{run.output[-4000:]}")
    return run.seconds
