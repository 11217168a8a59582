"""Visitors: more addresses of this machine, so that a box sees more than one client."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

BRIDGE = "lxcbr0"


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)


@contextmanager
def network(number: int) -> Iterator[Iterator[str]]:
    """Addresses that nobody used before, of the network for documentation (RFC 5737).

    `number` keeps those of one box apart from another's, 0 to 4. They are there until the end.
    """
    given: list[str] = []

    def fresh() -> Iterator[str]:
        for last in count(1):
            address = f"192.0.2.{50 * number + last}"
            _ip("address", "add", f"{address}/32", "dev", BRIDGE)
            given.append(address)
            yield address

    try:
        yield fresh()
    finally:
        for address in given:
            _ip("address", "del", f"{address}/32", "dev", BRIDGE)
