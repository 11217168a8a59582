"""Rollbacks from the operator's machine, and what the host shows of them."""

from __future__ import annotations

import json
import time
from typing import Any

from vagrant.driver import Completed

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
