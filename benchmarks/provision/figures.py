"""The runs, and the figures they give."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.boxes import Sessions, box
from benchmarks.stream import Timed
from vagrant.driver import Box

from . import contenders

SECOND_RUNS = 5
ANSIBLE_SECOND_RUNS = 2


def provision(suite: str, source: Path) -> dict[str, Any]:
    """Cold and second runs on `suite`. Times in seconds; `build` is the application's part, of
    readyhost's what is left of it when all that a host has beside it is there."""
    folder = source.with_name("provision")
    with box("ready", suite, source) as machine:
        resources = contenders.record(machine, folder)
        readyhost = _readyhost(machine)
    with box("ansible", suite, source) as machine:
        ansible = _ansible(machine, folder)
    with box("shell", suite, source) as machine:
        run = contenders.shell(machine, folder)
        shell = {"cold": _cold(run, run.part("Release", "== "))}
    return {
        "resources": resources,
        "readyhost": readyhost,
        "ansible": ansible,
        "shell": shell,
        "ratios": _ratios(readyhost, ansible, shell),
    }


def _readyhost(machine: Box) -> dict[str, Any]:
    run = contenders.readyhost(machine)
    cold = _cold(run, run.part("is live", contenders.OPERATION))
    sessions = Sessions(machine)
    seconds = [_no_change(contenders.readyhost(machine)) for _ in range(SECOND_RUNS)]
    commands = sessions.count() / SECOND_RUNS
    return {"cold": cold, "second": median(seconds), "runs": seconds, "commands": commands}


def _ansible(machine: Box, folder: Path) -> dict[str, Any]:
    run = contenders.ansible(machine, folder)
    cold = _cold(run, run.part("Release: build", contenders.TASK))
    sessions = Sessions(machine)
    seconds = [_no_change(contenders.ansible(machine, folder)) for _ in range(ANSIBLE_SECOND_RUNS)]
    commands = sessions.count() / ANSIBLE_SECOND_RUNS
    return {"cold": cold, "second": median(seconds), "runs": seconds, "commands": commands}


def _cold(run: Timed, build: float) -> dict[str, float]:
    return {"all": run.seconds, "build": build, "host": run.seconds - build}


def _no_change(run: Timed) -> float:
    if not contenders.unchanged(run):
        raise RuntimeError(f"a second run changed something\n{run.output[-4000:]}")
    return run.seconds


def _ratios(readyhost: dict, ansible: dict, shell: dict) -> dict[str, float]:
    return {
        "second, Ansible / readyhost": ansible["second"] / readyhost["second"],
        "cold, readyhost / shell": readyhost["cold"]["all"] / shell["cold"]["all"],
    }
