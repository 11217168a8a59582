"""Rollbacks from the operator's machine, and what the host shows of them."""

from __future__ import annotations

import json
import os
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.support.box import Completed

from .shop import Shop

LINK = "/srv/app/live"


def rollback(shop: Shop, tag: str | None = None, *, check: bool = True, **values: str) -> Completed:
    """`pyinfra … rollback.py`, to the release before or to `tag`."""
    named = ["--data", f"tag={tag}"] if tag else []
    return shop.pyinfra("-y", *named, deploy="rollback.py", check=check, values=values)


def switched(shop: Shop) -> float:
    """When the link that Nginx follows was last moved, seconds of the epoch: a box has this
    machine's clock."""
    return float(shop.ssh(f"stat -c %.Z {LINK}"))


def seconds_to_switch(shop: Shop, tag: str | None = None) -> float:
    """Seconds from the command to the moved link."""
    begin = time.time()
    rollback(shop, tag)
    return switched(shop) - begin


def record(shop: Shop) -> list[dict[str, Any]]:
    """The host's record, oldest first."""
    return [json.loads(line) for line in shop.ssh("cat /srv/app/releases.jsonl").splitlines()]


def listed(shop: Shop) -> dict[str, dict[str, str]]:
    """What the host lists, by tag."""
    rows = json.loads(shop.ssh("app-release list --json"))
    return {row["tag"]: row for row in rows}


def share_of_the_machine(seconds: float = 0.4) -> float:
    """What this machine leaves, now, to somebody who wants every core; 1 when it does nothing else.
    A promise in seconds is meant for such a machine: others keep it within seconds / share."""

    def spin(_: int) -> float:
        pid = os.fork()
        if pid == 0:
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                pass
            os._exit(0)
        usage = os.wait4(pid, 0)[2]
        return (usage.ru_utime + usage.ru_stime) / seconds

    cores = os.cpu_count() or 1
    with ThreadPoolExecutor(cores) as pool:
        return min(1.0, sum(pool.map(spin, range(cores))) / cores)
