"""The access log: one JSON object a line, whatever the client sends."""

import pytest

from .conftest import Serve, Web


@pytest.fixture
def web(serve: Serve) -> Web:
    return serve(trusted_proxies=["127.0.0.200"])


def test_a_line_says_who_what_and_how_long(web: Web) -> None:
    answer = web.ask("/slow?seconds=0.2&token=secret", headers={"Referer": "https://a.test/?t=1"})
    web.ask("/static/none")
    lines = web.logged("/slow", "/static/none")
    slow, static = lines["/slow"], lines["/static/none"]
    assert slow["request_id"] == answer.header("x-request-id")
    assert (slow["method"], slow["path"], slow["status"]) == ("GET", "/slow", 200)
    assert slow["request_time"] >= 0.2
    assert float(slow["upstream_time"]) >= 0.19
    assert slow["upstream"].startswith("unix:/")
    assert slow["upstream_status"] == "200"
    assert (slow["client"], slow["host"]) == ("127.0.0.1", "shop.test")
    assert slow["referrer"] == "https://a.test/"
    assert slow["tls"].startswith("TLSv1.")
    assert (static["upstream"], static["status"]) == ("", 404)


def test_no_client_can_break_a_line(web: Web) -> None:
    hostile = b'a"}\\{"status":200,\x01\t\xff\xfe'
    head = b"GET /x HTTP/1.1\r\nHost: shop.test\r\nConnection: close\r\nUser-Agent: "
    web.raw(head + hostile + b"\r\n\r\n")
    assert web.logged("/x")["/x"]["agent"].startswith('a"}')


def test_only_a_trusted_proxy_names_the_client(web: Web) -> None:
    claim = {"X-Forwarded-For": "203.0.113.9"}
    web.ask("/trusted", source="127.0.0.200", headers=claim)
    web.ask("/claimed", source="127.0.0.3", headers=claim)
    chain = {"X-Forwarded-For": "6.6.6.6, 203.0.113.9, 127.0.0.200"}
    web.ask("/chained", source="127.0.0.200", headers=chain)
    lines = web.logged("/trusted", "/chained", "/claimed")
    assert lines["/trusted"]["client"] == lines["/chained"]["client"] == "203.0.113.9"
    assert lines["/claimed"]["client"] == "127.0.0.3"


def test_queries_are_logged_if_wanted(serve: Serve) -> None:
    web = serve(log_queries=True)
    web.ask("/x?token=1")
    assert web.logged("/x?token=1")
