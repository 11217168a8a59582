"""The releases, and the figures they give."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.boxes import DOMAIN, box
from benchmarks.elsewhere import BEHIND, apart
from benchmarks.provision.contenders import readyhost
from benchmarks.stream import timed
from tests.support.wrk import Load, meanwhile, pooled, wrk
from vagrant.driver import PYINFRA, ROOT, Box
from vagrant.example import commit

TIMES = 3
SECONDS = 20
CLIENTS = 200
THINK = 500  # milliseconds: the same clients on a host that is used, not one at its limit
PATH = "/items?cache=no"  # Nginx keeps the other one
ITEM = '{"name": "posted under load"}'
HOW = ("connect", "read", "write", "timeout", "status")
SETTLED = 5  # seconds after whatever was before: quiet is to be quiet

ON_HOST = "date +%s.%N; app-release rollback >/dev/null; stat -c %.Z /srv/app/live"

KAMAL = 70.0
"""Seconds that its users report a deploy to take, 70 to 84; the least of them."""


def releases(suite: str, source: Path) -> dict[str, Any]:
    """Deploys and rollbacks on a box of `suite`. Seconds from the command to its end, and to the
    moment when the new release answers; requests that clients lost meanwhile."""
    with box("releases", suite, source) as machine:
        readyhost(machine)
        deploys = [deploy(machine, variation(source, f"v2.{n}.0")) for n in range(TIMES)]
        changed = [deploy(machine, dependencies(source, f"v3.{n}.0")) for n in range(TIMES)]
        back = [rollback(machine) for _ in range(TIMES)]
        at_once = warm(machine, source)
        loads = {
            "asking on and on": under_load(machine, source, 4, 0),
            "thinking half a second": under_load(machine, source, 5, THINK),
        }
    return {
        "deploy": middle(deploys),
        "deploy, dependencies changed": middle(changed),
        "rollback": middle(back),
        "warm": at_once,
        "loads": loads,
        "clients": CLIENTS,
        "kamal": KAMAL,
    }


def warm(machine: Box, source: Path) -> dict[str, float]:
    """Rollbacks from a release that went live just before, while the former one is warm. Seconds to
    the switch: from the operator's command, and from the host's own."""
    whole, host = [], []
    for number in range(TIMES):
        deploy(machine, variation(source, f"v6.{number}.0"))
        whole.append(rollback(machine)[1])
        deploy(machine, variation(source, f"v7.{number}.0"))
        begin, end = machine.ssh(ON_HOST).split()
        host.append(float(end) - float(begin))
    return {"switch": median(whole), "host": median(host)}


def under_load(machine: Box, source: Path, major: int, think: int) -> dict[str, Any]:
    """What clients see of deploys and rollbacks, and what they saw before and after. major: of the
    tags; think: milliseconds that each client waits before a request, on average."""
    time.sleep(SETTLED)
    # The operator's machine is another one: its work is not to be what clients wait for. Where they
    # leave nothing it would have to wait for their end.
    by = apart() if think else BEHIND
    # Before and after, for a machine that others share may be slower in one of them.
    quiet = [wrk(machine.ip, DOMAIN, PATH, CLIENTS, SECONDS, think=think, post=ITEM)]
    with meanwhile(machine.ip, DOMAIN, PATH, CLIENTS, think=think, post=ITEM) as seen:
        for number in range(TIMES):
            deploy(machine, variation(source, f"v{major}.{number}.0"), by)
        for _ in range(TIMES):
            rollback(machine, by)
    if seen.load is None:
        raise RuntimeError("the clients said nothing")
    time.sleep(SETTLED)
    quiet.append(wrk(machine.ip, DOMAIN, PATH, CLIENTS, SECONDS, think=think, post=ITEM))
    return {
        "switches": 2 * TIMES,
        "requests": seen.load.requests,
        "lost": seen.load.errors,
        "lost, how": ways(seen.load),
        "lost before, how": ways(quiet[0]),
        "quiet": {**quiet[0].as_dict(), "p99": pooled(quiet, 99)},
        "meanwhile": seen.load.as_dict(),
    }


def ways(load: Load) -> dict[str, int]:
    """How requests were lost, and how many of them."""
    return {how: getattr(load, how) for how in HOW}


def middle(runs: list[tuple[float, float]]) -> dict[str, float]:
    """The medians of runs that `deploy` and `rollback` returned."""
    return {"all": median(run[0] for run in runs), "switch": median(run[1] for run in runs)}


def variation(source: Path, tag: str) -> str:
    """A new tag that changes a file of the application."""
    (source / "VARIATION").write_text(tag)
    commit(source, tag)
    return tag


def dependencies(source: Path, tag: str) -> str:
    """A new tag whose dependencies have to be installed anew."""
    listed = source / "requirements.txt"
    listed.write_text(f"{listed.read_text()}# {tag}\n")
    return variation(source, tag)


def deploy(machine: Box, tag: str, by: Sequence[str] = ()) -> tuple[float, float]:
    """Make `tag` live; seconds in all, and to the switch. by: what pyinfra is run by."""
    return _run(machine, by, "deploy.py", "--data", f"tag={tag}")


def rollback(machine: Box, by: Sequence[str] = ()) -> tuple[float, float]:
    """Go back to the release before; seconds in all, and to the switch."""
    return _run(machine, by, "rollback.py")


def _run(machine: Box, by: Sequence[str], script: str, *options: str) -> tuple[float, float]:
    begin = time.time()
    command: list[str | Path] = [*by, PYINFRA, "-y", *options, "inventories/vagrant.py", script]
    run = timed(command, cwd=ROOT, env=machine.environment({}))
    # The box has this machine's clock.
    return run.seconds, float(machine.ssh("stat -c %.Z /srv/app/live")) - begin
