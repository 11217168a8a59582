"""Monitoring's own memory and processor time, and a release under load with it and without."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Any

from benchmarks.boxes import DOMAIN, box
from benchmarks.elsewhere import apart
from benchmarks.load.figures import warm
from benchmarks.provision.contenders import readyhost
from benchmarks.releases.figures import PATH, deploy, rollback, variation
from roles.monitoring import ALL_UNITS
from roles.monitoring.settings import Monitoring
from tests.support.wrk import Load, meanwhile, pooled, wrk
from vagrant.driver import Box, wrapper

MEMORY_MB = 2048  # of the host: what the promise is for
MODE = "READYHOST_MONITORING__MODE"
MODES = {"off": "off", "local": "local", "off again": "off"}
"""What is measured, and its mode. What differs between the first and the last is the noise: so
what they have together is what the second is compared with."""
ROUNDS = 5
SWITCHES = 2  # deploys in a round, and rollbacks: a few slow moments are not its slowest per cent
CLIENTS, THINK = 50, 500
"""Clients and the milliseconds that each thinks: a host that is used and has time left. At its
limit the queue decides what the slowest wait for, whoever measures."""
ITEM = '{"name": "posted under load"}'
SETTLED = 60  # seconds until all has been read a few times
WATCHED = 120  # seconds over which processor time is counted
TICKS = os.sysconf("SC_CLK_TCK")
PROCESSES = "systemctl show -P MainPID " + " ".join(ALL_UNITS)
FACTS = "/usr/local/sbin/host-facts"


def monitoring(suite: str, source: Path) -> dict[str, Any]:
    """On one host with 2 GB, in turn with monitoring and without: whatever else the machine does is
    in both, and neither's exporters are beside the other."""
    with box("monitoring", suite, source) as machine:
        wrapper("memory", machine.name, str(MEMORY_MB))
        machine.values[MODE] = "local"
        readyhost(machine)
        warm(machine)
        time.sleep(SETTLED)
        cost = {"idle": watched(machine)}
        with meanwhile(machine.ip, DOMAIN, PATH, CLIENTS, think=THINK, post=ITEM):
            cost["asked"] = watched(machine)
        seen: dict[str, list[Load]] = {mode: [] for mode in MODES}
        for number in range(ROUNDS):
            # Who comes first changes: caches and files are warmer for the second.
            for name in MODES if number % 2 else reversed(MODES):
                seen[name].append(released(machine, source, name, number))
    return {
        "cost": cost,
        "releases": {mode: [load.as_dict() for load in loads] for mode, loads in seen.items()},
        "p99": {
            **{mode: pooled(loads, 99) for mode, loads in seen.items()},
            "without": pooled([*seen["off"], *seen["off again"]], 99),
        },
        "lost": sum(load.errors for loads in seen.values() for load in loads),
    }


def watched(machine: Box) -> dict[str, float]:
    """Resident memory of all its processes, MB; processor time, per cent of one core. The facts are
    a program that runs each minute: its time is added."""
    pids = [pid for pid in machine.ssh(PROCESSES).split() if pid != "0"]
    begin, before = time.monotonic(), _ticks(machine, pids)
    time.sleep(WATCHED)
    spent = (_ticks(machine, pids) - before) / TICKS / (time.monotonic() - begin)
    resident = machine.ssh(f"cat {' '.join(f'/proc/{pid}/status' for pid in pids)} | grep VmRSS")
    facts = machine.ssh(f"bash -c 'TIMEFORMAT=%U+%S; time {FACTS}' 2>&1 | tail -n 1").split("+")
    each = sum(map(float, facts)) / Monitoring().facts_every_seconds
    return {
        "memory": sum(int(line.split()[1]) for line in resident.splitlines()) / 1024,
        "cpu": 100 * (spent + each),
    }


def _ticks(machine: Box, pids: list[str]) -> int:
    """Processor time of these processes, in the kernel's ticks."""
    lines = machine.ssh(f"cat {' '.join(f'/proc/{pid}/stat' for pid in pids)}").splitlines()
    if len(lines) != len(pids):
        raise RuntimeError("one of them has started anew")
    # What is in brackets is the program's name, which may have spaces.
    return sum(sum(map(int, line.rpartition(")")[2].split()[11:13])) for line in lines)


def released(machine: Box, source: Path, name: str, number: int) -> Load:
    """What clients see of deploys and rollbacks in the mode that is called so."""
    machine.values[MODE] = MODES[name]
    readyhost(machine)
    time.sleep(SETTLED)  # what has just started costs more than what runs
    wrk(machine.ip, DOMAIN, PATH, CLIENTS, 5, think=THINK, post=ITEM)
    major = 6 + list(MODES).index(name)
    with meanwhile(machine.ip, DOMAIN, PATH, CLIENTS, think=THINK, post=ITEM) as seen:
        for switch in range(SWITCHES):
            deploy(machine, variation(source, f"v{major}.{number}.{switch}"), apart())
        for _ in range(SWITCHES):
            rollback(machine, apart())
    if seen.load is None:
        raise RuntimeError("wrk said nothing")
    return seen.load
