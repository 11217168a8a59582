"""Visitors: more addresses of this machine, so that a box sees more than one client."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

BRIDGE = "lxcbr0"
NETWORK = "198.18.0.0/15"  # for tests of network devices (RFC 2544): nobody has it
BLOCKS = 512  # /24s in it
_BLOCKS = count(os.getpid())


def _ip(*arguments: str) -> None:
    subprocess.run(["ip", *arguments], check=True, capture_output=True, text=True)


@contextmanager
def network() -> Iterator[Iterator[str]]:
    """Up to 254 addresses that no test asked from before, there until the end.

    They are of a block of their own, so tests that run at the same time don't share any.
    """
    block = _claim()
    given = [f"{block}.1"]

    def fresh() -> Iterator[str]:
        yield given[0]
        for last in range(2, 255):
            address = f"{block}.{last}"
            _ip("address", "add", f"{address}/32", "dev", BRIDGE)
            given.append(address)
            yield address

    try:
        yield fresh()
    finally:
        for address in given:
            _ip("address", "del", f"{address}/32", "dev", BRIDGE)


def _claim() -> str:
    """The first three numbers of a block whose first address this call took."""
    for _ in range(BLOCKS):
        number = next(_BLOCKS) % BLOCKS
        block = f"198.{18 + number // 256}.{number % 256}"
        try:
            _ip("address", "add", f"{block}.1/32", "dev", BRIDGE)
        except subprocess.CalledProcessError as error:
            if "File exists" not in error.stderr:
                raise
        else:
            return block
    raise AssertionError(f"every block of {NETWORK} is taken")
