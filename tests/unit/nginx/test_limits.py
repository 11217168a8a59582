"""Rate limits, counted by a real Nginx."""

import time
from typing import Any

import pytest
from pydantic import ValidationError

from roles.nginx import Nginx, Zone, zones
from roles.nginx.buckets import PLAIN
from roles.nginx.limits import Limits

from .conftest import Serve, Web


def statuses(web: Web, count: int, source: str, path: str = "/answer", **how: Any) -> list[int]:
    return [web.ask(path, source=source, **how).status for _ in range(count)]


@pytest.fixture(scope="module")
def web(serve: Serve) -> Web:
    return serve(
        limits={"per_minute": 10, "per_hour": 0, "connections": 3, "unlimited": ["127.0.0.99"]},
        trusted_proxies=["127.0.0.200"],
        real_ip_header="X-Forwarded-For",
    )


def test_what_comes_after_a_minutes_allowance_is_refused(web: Web) -> None:
    assert statuses(web, 10, "127.0.0.2") == [200] * 10
    refused = web.ask("/answer", source="127.0.0.2")
    assert refused.status == 429
    assert refused.header("retry-after") == "60"
    assert statuses(web, 1, "127.0.0.3") == [200]  # others do not notice


def test_refused_requests_do_not_reach_the_application(web: Web) -> None:
    before = len(web.reached)
    answers = statuses(web, 20, "127.0.0.4")
    assert len(web.reached) - before == answers.count(200) == 10


def test_addresses_without_a_limit(web: Web) -> None:
    assert set(statuses(web, 40, "127.0.0.99")) == {200}


def test_files_are_free(web: Web) -> None:
    web.write("current/static/app.css", "body {}")
    assert set(statuses(web, 40, "127.0.0.5", "/static/app.css")) == {200}


def test_an_ipv6_client_is_its_network(web: Web) -> None:
    def ask(address: str) -> int:
        return web.ask("/answer", source="127.0.0.200", headers={"X-Forwarded-For": address}).status

    answers = [ask(f"2001:db8:0:1::{n:x}") for n in range(1, 21)]
    assert answers.count(429) == 10
    assert ask("2001:db8:0:2::1") == 200
    # A newline within the eight bytes, and another network that differs only after it.
    assert [ask("2001:a0a:0:1::1"), ask("2001:a0a:0:2::1")] == [200, 200]


def test_a_claimed_address_changes_nothing(web: Web) -> None:
    answers = [
        web.ask("/answer", source="127.0.0.6", headers={"X-Forwarded-For": f"192.0.2.{n}"}).status
        for n in range(20)
    ]
    assert answers.count(429) == 10


def test_login_paths_are_stricter_for_attempts(serve: Serve) -> None:
    web = serve(limits={"logins_per_minute": 3, "login_paths": ["/login", "/api/session"]})
    attempts = [
        web.ask(path, "POST", body=b"x").status
        for path in ("/login", "/LOGIN", "//login", "/login/", "/%6cogin", "/login/again")
    ]
    assert attempts == [200, 200, 200, 429, 429, 429]
    assert web.ask("/api/session", "POST", body=b"x").status == 429  # one allowance for all
    assert statuses(web, 5, "", "/login") == [200] * 5  # to see the form is free
    assert web.ask("/loginform", "POST", body=b"x").status == 200


def test_an_hours_allowance(serve: Serve) -> None:
    web = serve(limits={"per_minute": 0, "per_hour": 100})
    answers = statuses(web, 110, "127.0.0.7")
    assert answers[:100] == [200] * 100
    assert answers[101:] == [429] * 9  # one more has grown back if this took a while


def test_connections_of_one_client(web: Web) -> None:
    held = [web.connect(source="127.0.0.8") for _ in range(3)]
    for connection in held:
        connection.sendall(b"GET /slow?seconds=2 HTTP/1.1\r\nHost: shop.test\r\n\r\n")
    time.sleep(0.3)
    assert web.ask("/answer", source="127.0.0.8").status == 429
    assert web.ask("/answer", source="127.0.0.9").status == 200
    for connection in held:
        connection.close()


def test_nothing_is_limited_with_limits_off(serve: Serve) -> None:
    web = serve(limits={"per_minute": 0, "per_hour": 0, "logins_per_minute": 0, "connections": 0})
    assert set(statuses(web, 100, "")) == {200}
    assert set(statuses(web, 20, "", "/login", method="POST", body=b"x")) == {200}


def test_a_bucket_holds_a_whole_period() -> None:
    assert zones(Limits()) == [
        Zone("nginx.limits.per_minute", PLAIN, 60, 59),
        Zone("nginx.limits.per_hour", PLAIN, 16, 999),
        Zone("nginx.limits.browsers_per_minute", "$client_browsing", 6000, 999),
        Zone("nginx.limits.logins_per_minute", "$client_logging_in", 5, 4),
    ]


def test_an_hour_needs_a_request_a_minute() -> None:
    with pytest.raises(ValidationError, match="must be 0 or at least 60"):
        Nginx(limits={"per_hour": 59})
