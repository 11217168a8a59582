"""LOAD-01: the last load test of a host, as `readyhost ENV load` kept it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .outcome import Finding, false, true

PERIOD = 180  # days: after so long it is another application's
DAY = 86_400


def looked(tests: Sequence[Mapping[str, Any]], host: str) -> Iterator[tuple[str, Finding]]:
    """tests: the oldest first. Nothing where there was none: nobody has to make one."""
    whole = [each for each in tests if each.get("host") == host and each.get("stages")
             and not each.get("abort")]  # fmt: skip
    if whole:
        yield "LOAD-01", finding(whole[-1], time.time())


def finding(test: Mapping[str, Any], now: float) -> Finding:
    """False for a host that did not even bear its first stage."""
    capacity, when = test["capacity"], float(test["begin"])
    least = "at least" if capacity["at_least"] else "about"
    first = test.get("first")
    words = f"last load test: {least} {capacity['users']} users at p95 < 500 ms"
    words += f"; first to give out: {first['what']}" if first else ""
    if now - when > PERIOD * DAY:
        words += f"; {(now - when) / DAY:.0f} days old"
    return true(words, when) if capacity["users"] else false(words, when)
