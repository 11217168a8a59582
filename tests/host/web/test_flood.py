"""A flood from one client costs the others next to nothing."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.host.stages import once_at_all
from tests.support.client import Server
from tests.support.flood import flood

ROUNDS = 3
# What the application takes for a request of the others: much more than this machine, which all of
# them share, adds by chance.
SECONDS = 0.5


def p95(web: Server) -> float:
    """Of 32 requests, eight at a time, each on a connection of its own; seconds."""

    def ask(_: int) -> float:
        begin = time.monotonic()
        assert web.ask(f"/slow?seconds={SECONDS}").status == 200
        return time.monotonic() - begin

    with ThreadPoolExecutor(8) as pool:
        return statistics.quantiles(pool.map(ask, range(32)), n=20)[-1]


@once_at_all
def test_WEB_04_a_flood_from_one_address_slows_nobody_else(
    web: Server, visitor: Callable[[], str]
) -> None:
    """Quiet and flooded in turn, so that whatever else this machine does is in both."""
    attacker = visitor()
    p95(web)
    quiet, flooded = [], []
    for _ in range(ROUNDS):
        quiet.append(p95(web))
        with flood(web, attacker):
            flooded.append(p95(web))
    assert statistics.median(flooded) <= 1.2 * statistics.median(quiet), (quiet, flooded)
