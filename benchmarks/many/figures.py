"""The runs, and the figures they give."""

from __future__ import annotations

import resource
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.boxes import box
from benchmarks.provision.contenders import readyhost, unchanged
from benchmarks.stream import Timed, timed
from vagrant.driver import PYINFRA, ROOT, Box

from .simulated import Simulated

NUMBERS = (1, 8, 32)
RUNS = 7


def many(suite: str, source: Path) -> dict[str, Any]:
    """Second runs over one host and over several, in turn: whatever slows the machine down slows
    all. Seconds, and of the operator's side the processor time."""
    with box("recorded", suite, source) as real, box("simulated", suite, source) as machine:
        readyhost(real)
        hosts = Simulated(machine)
        hosts.begin(real)
        _run(real, hosts, 1)
        hosts.seal()
        _run(real, hosts, 1)  # whatever a run keeps for the next one
        runs: dict[int, list[tuple[float, float]]] = {number: [] for number in NUMBERS}
        for _ in range(RUNS):
            for number in NUMBERS:
                runs[number].append(_run(real, hosts, number))
    return {
        "hosts": {
            str(number): {
                "seconds": median(seconds for seconds, _ in each),
                "cpu": median(cpu for _, cpu in each),
                "runs": [seconds for seconds, _ in each],
            }
            for number, each in runs.items()
        }
    }


def _run(real: Box, hosts: Simulated, number: int) -> tuple[float, float]:
    """Seconds of a run that finds nothing to do on so many hosts, and its processor time."""
    env = real.environment(hosts.variables(number))
    before = _used()
    run = timed([PYINFRA, "-y", "benchmarks/many/inventory.py", "deploy.py"], cwd=ROOT, env=env)
    cpu = _used() - before
    if not unchanged(run) or _connected(run) != number:
        raise RuntimeError(f"a second run changed something\n{run.output[-4000:]}")
    return run.seconds, cpu


def _connected(run: Timed) -> int:
    return sum(line.endswith("Connected") for _, line in run.lines)


def _used() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
