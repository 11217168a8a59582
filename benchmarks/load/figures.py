"""The loads, and the figures they give."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.boxes import DOMAIN, box
from benchmarks.provision.contenders import readyhost
from benchmarks.stream import timed
from tests.support.wrk import Load, wrk
from vagrant.driver import Box
from vagrant.example import TAG

from .flooded import flooded

CACHED = "/items"
UNCACHED = "/items?cache=no"
STATIC = "/static/style.css"
SECONDS = 8
# 1000 users who come in the same instant cost both cores a second, for their handshakes. That must
# not decide how the rest is: a percentile of what they see is taken over more time.
LONGER = 32
REST = 3  # seconds between two loads: what the one left to do must not be the other's
ROUNDS = 3
USERS = 1000
GZIP = "Accept-Encoding: gzip"
# A visitor who is known is never answered by Nginx's cache.
KNOWN = "Cookie: visitor=1"
KNOWN_USERS = "1000 known users thinking 1 s"
DEFAULTS = Path(__file__).with_name("defaults.sh")


def load(suite: str, source: Path) -> dict[str, Any]:
    """Both hosts on `suite`, asked in turn: what slows one of them down, the other suffers too."""
    with box("load", suite, source) as ready, box("default", suite, source) as plain:
        readyhost(ready)
        install_defaults(plain, source)
        warm(ready)
        warm(plain)
        found = rounds(
            {
                "defaults, 100 cached": partial(ask, plain, CACHED, 100),
                "cached, 1000": partial(ask, ready, CACHED, USERS, seconds=LONGER),
                "from Redis, 100": partial(ask, ready, CACHED, 100, headers=(KNOWN,)),
                "from Redis, 1000": partial(
                    ask, ready, CACHED, USERS, headers=(KNOWN,), seconds=LONGER
                ),
                "defaults, 100 uncached": partial(ask, plain, UNCACHED, 100),
                "uncached, 100": partial(ask, ready, UNCACHED, 100),
                "uncached, 1000": partial(ask, ready, UNCACHED, USERS, seconds=LONGER),
                "1000 users thinking 1 s": partial(
                    ask, ready, CACHED, USERS, think=1000, seconds=LONGER
                ),
                KNOWN_USERS: partial(
                    ask, ready, CACHED, USERS, think=1000, headers=(KNOWN,), seconds=LONGER
                ),
                "cached, 1000, gzip": partial(ask, ready, CACHED, USERS, headers=(GZIP,)),
                "static, 1000": partial(ask, ready, STATIC, USERS),
            }
        )
        found |= flooded(ready)
        one_a_core(ready)
        found |= rounds(
            {
                "from Redis, 1000, one process a core": partial(
                    ask, ready, CACHED, USERS, headers=(KNOWN,), seconds=LONGER
                ),
                "uncached, 1000, one process a core": partial(
                    ask, ready, UNCACHED, USERS, seconds=LONGER
                ),
            }
        )
        found["defaults, 1000 cached"] = ask(plain, CACHED, USERS)
        quicker(plain)
        found |= rounds(
            {"defaults with uvloop and httptools, 100 cached": partial(ask, plain, CACHED, 100)}
        )
    return {name: load.as_dict() for name, load in found.items()}


def rounds(loads: dict[str, Callable[[], Load]]) -> dict[str, Load]:
    """Each of `loads` once, then all of them again; what `middle` makes of each."""
    seen = [{name: run() for name, run in loads.items()} for _ in range(ROUNDS)]
    return {name: middle([one[name] for one in seen]) for name in loads}


def middle(runs: list[Load]) -> Load:
    """The median of `runs` by rate, or the first with an error: those must not go unseen."""
    failed = [run for run in runs if run.errors]
    return failed[0] if failed else sorted(runs, key=lambda run: run.rate)[len(runs) // 2]


def install_defaults(machine: Box, source: Path) -> None:
    """Put the application at `source` on the distribution's defaults."""
    machine.ssh("cat > /root/defaults.sh", stdin=DEFAULTS.read_text())
    archive = source.with_suffix(".tar.gz")
    timed(["git", "-C", source, "archive", "--format=tar.gz", "-o", archive, TAG])
    with archive.open("rb") as stdin:
        timed([*machine._ssh(), f"sudo -n sh /root/defaults.sh {DOMAIN}"], stdin=stdin)


def one_a_core(machine: Box) -> None:
    """Give the application, which is asynchronous, a process a core instead of 2 x cores + 1."""
    machine.values["READYHOST_APP__WEB__INSTANCES"] = str(os.cpu_count())
    readyhost(machine)
    warm(machine)


def quicker(machine: Box) -> None:
    """Let Uvicorn find uvloop and httptools, which the application's requirements hold."""
    machine.ssh("sed -i 's/ --loop asyncio --http h11//' /etc/systemd/system/shop.service")
    machine.ssh("systemctl daemon-reload && systemctl restart shop")
    warm(machine)


def warm(machine: Box) -> None:
    """Wait until the host answers, then a few seconds that count for nothing."""
    await_answer(machine)
    wrk(machine.ip, DOMAIN, CACHED, 50, 3)
    wrk(machine.ip, DOMAIN, UNCACHED, 50, 2)


def await_answer(machine: Box) -> None:
    patience = ["--retry", "60", "--retry-delay", "1", "--retry-all-errors"]
    resolve = ["--resolve", f"{DOMAIN}:443:{machine.ip}"]
    timed(["curl", "-ksSf", "-o", "/dev/null", *patience, *resolve, f"https://{DOMAIN}/health"])


def ask(
    machine: Box,
    path: str,
    users: int,
    *,
    think: int = 0,
    headers: tuple[str, ...] = (),
    seconds: int = SECONDS,
) -> Load:
    time.sleep(REST)
    return wrk(machine.ip, DOMAIN, path, users, seconds, think=think, headers=headers)
