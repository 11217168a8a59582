"""The runs, and the figures they give."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.boxes import Sessions, box
from benchmarks.stream import Timed
from vagrant.driver import Box

from . import contenders

COLD_RUNS = 5
"""On new boxes, of readyhost and of the script in turn: most of their time is the archive's of
packages, which is faster one minute and slower the next."""
SECOND_RUNS = 5
ANSIBLE_SECOND_RUNS = 2

Contender = Callable[[Box], Timed]


def provision(suite: str, source: Path) -> dict[str, Any]:
    """Cold and second runs on `suite`. Times in seconds, of several runs the median."""
    folder = source.with_name("provision")
    with box("ready", suite, source) as machine:
        resources = contenders.record(machine, folder)
        contenders.readyhost(machine)
        second = _second(machine, contenders.readyhost, SECOND_RUNS)
    playbook = partial(contenders.ansible, folder=folder)
    with box("ansible", suite, source) as machine:
        ansible = {"cold": playbook(machine).seconds}
        ansible |= _second(machine, playbook, ANSIBLE_SECOND_RUNS)
    script = partial(contenders.shell, folder=folder)
    cold = _cold({"readyhost": contenders.readyhost, "shell": script}, suite, source)
    readyhost, shell = cold["readyhost"] | second, cold["shell"]
    return {
        "resources": resources,
        "readyhost": readyhost,
        "ansible": ansible,
        "shell": shell,
        "ratios": {
            "second, Ansible / readyhost": ansible["second"] / readyhost["second"],
            "cold, readyhost / shell": readyhost["cold"] / shell["cold"],
        },
    }


def _cold(runs: dict[str, Contender], suite: str, source: Path) -> dict[str, dict[str, Any]]:
    """Of each contender its cold runs. Who comes first changes."""
    seen: dict[str, list[float]] = {name: [] for name in runs}
    for number in range(COLD_RUNS):
        for name in runs if number % 2 else reversed(runs):
            with box(name, suite, source) as machine:
                seen[name].append(runs[name](machine).seconds)
    return {name: {"cold": median(seconds), "cold runs": seconds} for name, seconds in seen.items()}


def _second(machine: Box, contender: Contender, times: int) -> dict[str, Any]:
    """Runs on a host that has all, and the commands that each of them sends."""
    sessions = Sessions(machine)
    runs = [_no_change(contender(machine)) for _ in range(times)]
    return {"second": median(runs), "runs": runs, "commands": sessions.count() / times}


def _no_change(run: Timed) -> float:
    if not contenders.unchanged(run):
        raise RuntimeError(f"a second run changed something\n{run.output[-4000:]}")
    return run.seconds
