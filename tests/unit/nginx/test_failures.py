"""Who is not counted, and asks again as fast as it is told that nothing answers."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from .conftest import Serve, Web

FREE, OTHER, COUNTED = "127.0.0.99", "127.0.0.98", "127.0.0.2"
RATE = 10


def down(web: Web) -> Web:
    for upstream in web.upstreams:
        upstream.socket.unlink()
    return web


def took(web: Web, count: int, source: str) -> float:
    """Seconds that so many answers took, one after the other."""
    begin = time.monotonic()
    for _ in range(count):
        answer = web.ask("/x", source=source)
        assert answer.status == 502
        assert answer.header("x-request-id").encode() in answer.body
    return time.monotonic() - begin


@pytest.fixture(scope="module")
def web(serve: Serve) -> Web:
    unlimited = [FREE, OTHER]
    return down(serve(limits={"failures_per_second": RATE, "unlimited": unlimited}))


def test_one_that_is_not_counted_waits_for_its_turn(web: Web) -> None:
    assert took(web, 2 * RATE + 1, FREE) > 1.8
    assert took(web, 1, OTHER) < 0.5, "another one's first answer waited"


def test_one_that_is_counted_does_not(web: Web) -> None:
    assert took(web, 2 * RATE + 1, COUNTED) < 1


def test_what_finds_the_queue_full_is_answered_at_once(serve: Serve) -> None:
    web = down(serve(limits={"failures_per_second": 1, "unlimited": [FREE]}))

    def ask(_: int) -> tuple[int, bool]:
        answer = web.ask("/x", source=FREE)
        return answer.status, b"502 Bad Gateway</h1>" in answer.body

    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(ask, range(16)))
    assert {status for status, _ in answers} == {502}
    assert [bare for _, bare in answers].count(True) == 16 - 1 - 10


def test_none_waits_where_it_is_off(serve: Serve) -> None:
    web = down(serve(limits={"failures_per_second": 0, "unlimited": [FREE]}))
    assert took(web, 2 * RATE + 1, FREE) < 1
