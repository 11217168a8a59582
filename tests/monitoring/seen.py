"""What the tests look at on a host that measures itself: its numbers, its units, its ports."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from roles.monitoring.exporters import EXPORTERS
from tests.host.conftest import Host

UNITS = ["prometheus", *(each.unit for each in EXPORTERS)]
BY_HAND = "by-hand"


def asked(box: Host, query: str) -> dict[str, float]:
    """What Prometheus says, by labels."""
    url = f"http://127.0.0.1:9090/api/v1/query?query={quote(query)}"
    found: list[dict[str, Any]] = json.loads(box.ssh(f"curl -sS '{url}'"))["data"]["result"]
    return {_labels(each["metric"]): float(each["value"][1]) for each in found}


def _labels(metric: dict[str, str]) -> str:
    return " ".join(value for key, value in sorted(metric.items()) if key != "instance")


def until(look: Callable[[], Any], seconds: float = 60) -> Any:
    """What `look` gives as soon as it is something."""
    end = time.monotonic() + seconds
    while not (found := look()) and time.monotonic() < end:
        time.sleep(1)
    return found


def listening(box: Host) -> dict[int, set[str]]:
    """Addresses by TCP port."""
    rows = [line.split()[3] for line in box.ssh("ss -Hltn").splitlines()]
    found: dict[int, set[str]] = {}
    for row in rows:
        address, _, port = row.rpartition(":")
        found.setdefault(int(port), set()).add(address)
    return found
