"""The same host with other settings: each is a reload, and does what it says."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.host.conftest import DOMAIN, Host
from tests.host.stages import once_at_all
from tests.support import observatory
from tests.support.client import Server
from tests.support.hostile_h2 import request
from tests.support.http2 import Connection

from .asked import logged

PATHS = [
    {"path": "/items", "rate_per_minute": 5000, "body_limit_mb": 1},
    {"path": "/slow", "timeout_seconds": 4},
]


@pytest.fixture(scope="module")
def changed(box: Host) -> Iterator[dict[str, str]]:
    """The same host with other settings: a CDN in front, no limit a minute."""
    before = box.ssh("cat /run/nginx.pid")
    box.converge(
        READYHOST_ALIASES=json.dumps([f"www.{DOMAIN}"]),
        READYHOST_NGINX__TRUSTED_PROXIES='["10.0.3.1/32"]',
        READYHOST_NGINX__LIMITS__UNLIMITED="[]",
        READYHOST_NGINX__LIMITS__PER_MINUTE="0",
        READYHOST_NGINX__LIMITS__PATHS=json.dumps(PATHS),
        READYHOST_NGINX__LIMITS__KEY="cookie:sid",
        READYHOST_NGINX__CORS_ORIGINS=json.dumps([f"https://*.preview.{DOMAIN}"]),
        READYHOST_NGINX__CORS_EXPOSED='["X-Total"]',
        READYHOST_NGINX__HEADERS__CONTENT_SECURITY_POLICY="strict",
        READYHOST_NGINX__MAINTENANCE_ALLOW='["203.0.113.200/32"]',
    )
    yield {"before": before, "after": box.ssh("cat /run/nginx.pid")}
    box.converge()


@once_at_all
def test_a_change_of_settings_is_a_reload_not_a_restart(changed: dict[str, str]) -> None:
    assert changed["before"] == changed["after"]


@once_at_all
def test_WEB_11_the_cdns_client_is_the_client(
    box: Host, web: Server, changed: dict[str, str], visitor: Callable[[], str]
) -> None:
    said = {"X-Forwarded-For": "6.6.6.6, 203.0.113.9"}
    through = web.ask("/version", headers=said)
    someone = visitor()
    directly = web.ask("/version", headers=said, source=someone)
    ids = [through.header("x-request-id"), directly.header("x-request-id")]
    assert [entry["client"] for entry in logged(box, *ids)] == ["203.0.113.9", someone]


@once_at_all
def test_WEB_04_1000_an_hour_for_the_cdns_client_alone(
    web: Server, changed: dict[str, str]
) -> None:
    # Many requests on one connection, as from a CDN.
    head = f"HEAD /version HTTP/1.1\r\nHost: {DOMAIN}\r\nX-Forwarded-For: 203.0.113.77\r\n"
    begin = time.monotonic()
    statuses: Counter[bytes] = Counter()
    for _ in range(11):
        more, last = head + "\r\n", head + "Connection: close\r\n\r\n"
        got = web.raw((more * 99 + last).encode(), timeout=30)
        statuses.update(line[9:12] for line in got.splitlines() if line.startswith(b"HTTP/1.1"))
    grown = int((time.monotonic() - begin) * 16 / 60) + 1
    assert statuses.total() == 1100
    assert 1000 <= statuses[b"200"] <= 1000 + grown
    assert statuses[b"429"] >= 100 - grown
    assert web.ask("/version", headers={"X-Forwarded-For": "203.0.113.78"}).status == 200
    # Who is logged in there is counted by session.
    same = {"X-Forwarded-For": "203.0.113.77"}
    assert web.ask("/version", headers={**same, "Cookie": "sid=mine"}).status == 200
    assert [web.ask("/version", headers=same).status for _ in range(5)].count(429) >= 4


@once_at_all
def test_WEB_04_a_client_has_so_many_requests_at_once(web: Server, changed: dict[str, str]) -> None:
    def ask(client: str) -> int:
        return web.ask("/slow?seconds=3", headers={"X-Forwarded-For": client}).status

    with ThreadPoolExecutor(121) as pool:
        other = pool.submit(ask, "203.0.113.89")
        statuses = Counter(pool.map(ask, ["203.0.113.88"] * 120))
    assert statuses == {200: 100, 429: 20}
    assert other.result() == 200


def at_once(web: Server, client: str, path: str, times: int) -> Counter[int]:
    """Statuses of requests on one connection of HTTP/2, none of which waits for another."""
    with Connection.to(web, timeout=20) as connection:
        for number in range(times):
            asked = request(("x-forwarded-for", client), path=path)
            connection.ask(asked, stream=2 * number + 1)
        return Counter(connection.statuses(times))


@once_at_all
def test_WEB_04_a_stream_is_a_request_and_a_file_is_none(
    web: Server, changed: dict[str, str], stylesheet: str
) -> None:
    assert at_once(web, "203.0.113.90", "/slow?seconds=3", 120) == {200: 100, 429: 20}
    with ThreadPoolExecutor(1) as pool:
        busy = pool.submit(at_once, web, "203.0.113.91", "/slow?seconds=3", 100)
        time.sleep(1)  # all that the client may have in progress is
        assert at_once(web, "203.0.113.91", stylesheet, 120) == {200: 120}
        assert busy.result() == {200: 100}


@once_at_all
def test_WEB_04_an_ipv6_client_is_its_64(web: Server, changed: dict[str, str]) -> None:
    def ask(address: str) -> int:
        kind = {"X-Forwarded-For": address, "Content-Type": "application/json"}
        return web.ask("/login", "POST", headers=kind, body=b"{}").status

    assert [ask(f"2001:db8:7:7::{n:x}") == 429 for n in range(1, 8)] == [False] * 5 + [True] * 2
    assert ask("2001:db8:7:8::1") != 429


@once_at_all
@pytest.mark.parametrize("path", ["/", "/none", "/docs", "/version"])
def test_WEB_05_the_observatory_gives_the_strict_policy_100_or_more(
    web: Server, changed: dict[str, str], path: str
) -> None:
    points, parts = observatory.score(web.ask(path), web.ask(path, tls=False))
    assert points >= 100, parts
    assert min(parts.values()) >= 0, parts


@once_at_all
def test_WEB_17_a_path_has_its_own_limits(web: Server, changed: dict[str, str]) -> None:
    client = {"X-Forwarded-For": "203.0.113.99"}
    assert web.ask("/items", "POST", headers=client, body=b"x" * 2_000_000).status == 413
    assert web.ask("/none", "POST", headers=client, body=b"x" * 2_000_000).status == 404
    assert web.ask("/slow?seconds=6", headers=client).status == 504


@once_at_all
def test_WEB_09_previews_may_read_and_see_what_is_exposed(
    web: Server, changed: dict[str, str]
) -> None:
    def ask(origin: str) -> list[str]:
        answer = web.ask("/items", headers={"Origin": origin})
        names = ("access-control-allow-origin", "access-control-expose-headers")
        return [value for name in names for value in answer.all(name)]

    own = f"https://pr-12.preview.{DOMAIN}"
    assert ask(own) == [own, "X-Total"]
    for other in (f"https://preview.{DOMAIN}.evil.test", f"http://pr-12.preview.{DOMAIN}"):
        assert ask(other) == [], other


@once_at_all
def test_aliases_lead_to_the_domain(web: Server, changed: dict[str, str]) -> None:
    answer = web.ask("/a?b=c", host=f"www.{DOMAIN}")
    assert (answer.status, answer.header("location")) == (301, f"https://{DOMAIN}/a?b=c")
    own = web.ask("/items", headers={"Origin": f"https://www.{DOMAIN}"})
    assert own.header("access-control-allow-origin") == f"https://www.{DOMAIN}"


@once_at_all
def test_maintenance_lets_chosen_addresses_through(
    box: Host, web: Server, changed: dict[str, str]
) -> None:
    box.ssh("maintenance on")
    try:
        chosen = web.ask("/version", headers={"X-Forwarded-For": "203.0.113.200"}).status
        other = web.ask("/version", headers={"X-Forwarded-For": "203.0.113.201"}).status
    finally:
        box.ssh("maintenance off")
    assert (chosen, other) == (200, 503)
