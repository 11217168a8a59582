"""How much one client may ask for."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable

from tests.support.client import Server


def test_WEB_04_60_a_minute(web: Server, stylesheet: str, visitor: Callable[[], str]) -> None:
    someone, other = visitor(), visitor()
    begin = time.monotonic()
    statuses = [web.ask("/version", source=someone).status for _ in range(75)]
    grown = int(time.monotonic() - begin) + 1  # one a second comes back
    assert statuses[:60] == [200] * 60
    assert 60 <= statuses.count(200) <= 60 + grown
    refused = web.ask("/version", source=someone, headers={"Accept": "application/json"})
    if refused.status == 200:  # the second's own
        refused = web.ask("/version", source=someone, headers={"Accept": "application/json"})
    assert refused.status == 429
    assert refused.header("retry-after") == "60"
    assert refused.json()["error"] == "Too many requests"
    assert web.ask("/version", source=other).status == 200
    assert web.ask(stylesheet, source=someone).status == 200


def test_WEB_04_logins_are_stricter(web: Server, visitor: Callable[[], str]) -> None:
    someone = visitor()
    guess = json.dumps({"email": "a@example.com", "password": "not the password"}).encode()
    kind = {"Content-Type": "application/json"}
    attempts = [
        web.ask(path, "POST", headers=kind, body=guess, source=someone).status
        for path in ("/login", "/login", "//login", "/login/", "/LOGIN", "/login", "/%6cogin")
    ]
    assert 429 not in attempts[:5]
    assert attempts[5:] == [429, 429]
    assert web.ask("/version", source=someone).status == 200


def test_WEB_04_a_claimed_address_is_no_way_around(web: Server, visitor: Callable[[], str]) -> None:
    someone = visitor()
    statuses = Counter(
        web.ask("/version", source=someone, headers={"X-Forwarded-For": f"203.0.113.{n}"}).status
        for n in range(75)
    )
    assert statuses[429] >= 10


def test_WEB_04_who_is_listed_has_no_limit(web: Server) -> None:
    """These tests' own address is."""
    head = f"GET /version HTTP/1.1\r\nHost: {web.domain}\r\n"
    more, last = head + "\r\n", head + "Connection: close\r\n\r\n"
    got = web.raw((more * 199 + last).encode(), timeout=30)
    assert got.count(b"HTTP/1.1 200 OK") == 200
