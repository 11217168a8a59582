"""What passes to the application and back, and what happens when a process is gone."""

import concurrent.futures
import socket
import ssl
import time

import pytest

from .conftest import Serve, Web

OFF = {"per_minute": 0, "per_hour": 0, "logins_per_minute": 0, "connections": 0}


@pytest.fixture(scope="module")
def web(serve: Serve) -> Web:
    return serve(limits=OFF, request_timeout_seconds=1, body_limit_mb=1, header_limit_kb=4)


def test_the_request_id_goes_to_the_application_and_back(web: Web) -> None:
    answer = web.ask("/x", headers={"X-Request-ID": "forged"})
    assert answer.json()["headers"]["x-request-id"] == answer.header("x-request-id")
    assert len(answer.header("x-request-id")) == 32


def test_what_a_client_claims_to_be_is_dropped(web: Web) -> None:
    claims = {
        "X-Forwarded-For": "6.6.6.6",
        "X-Real-IP": "6.6.6.6",
        "X-Forwarded-Proto": "http",
        "X-Forwarded-Host": "evil.test",
        "X-Forwarded-Port": "1",
        "Forwarded": "for=6.6.6.6",
        "Proxy": "http://evil.test",
    }
    seen = web.ask("/x", headers=claims).json()["headers"]
    assert seen["x-forwarded-for"] == seen["x-real-ip"] == "127.0.0.1"
    assert seen["x-forwarded-proto"] == "https"
    assert seen["x-forwarded-host"] == seen["host"] == "shop.test"
    assert "forwarded" not in seen
    assert "proxy" not in seen


def test_only_websockets_are_upgraded(web: Web) -> None:
    wish = {"Connection": "Upgrade, HTTP2-Settings", "HTTP2-Settings": "AAMAAABkAAQ"}
    seen = web.ask("/x", headers={**wish, "Upgrade": "h2c"}).json()["headers"]
    assert "upgrade" not in seen
    assert seen["connection"] == "close"


@pytest.mark.parametrize("path", ["/ws/echo", "/ws"])
def test_websockets_pass(web: Web, path: str) -> None:
    with web.connect() as connection:
        connection.sendall(handshake(path))
        head = until(connection, b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101")
        connection.sendall(bytes([0x81, 0x85, 0, 0, 0, 0]) + b"hello")
        assert until(connection, b"hello").endswith(b"\x81\x05hello")
        time.sleep(1.5)  # longer than request_timeout: a stream may be silent
        connection.sendall(bytes([0x81, 0x85, 0, 0, 0, 0]) + b"again")
        assert until(connection, b"again").endswith(b"\x81\x05again")


def test_a_foreign_page_gets_no_websocket(web: Web) -> None:
    def status(origin: str) -> bytes:
        with web.connect() as connection:
            connection.sendall(handshake("/ws/echo", f"Origin: {origin}\r\n"))
            return until(connection, b"\r\n\r\n")[9:12]

    assert status("https://evil.test") == b"403"
    assert status("https://shop.test.evil.test") == b"403"
    assert status("null") == b"403"
    assert status("https://shop.test") == b"101"
    assert status("https://www.shop.test") == b"101"


def handshake(path: str, extra: str = "") -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nHost: shop.test\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"{extra}Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


def until(connection: socket.socket | ssl.SSLSocket, end: bytes) -> bytes:
    found = b""
    while end not in found:
        piece = connection.recv(4096)
        assert piece, found
        found += piece
    return found


def test_server_sent_events_arrive_one_by_one(web: Web) -> None:
    with web.connect() as connection:
        start = time.monotonic()
        connection.sendall(b"GET /events HTTP/1.1\r\nHost: shop.test\r\n\r\n")
        until(connection, b"data: 2\n\n")
        assert time.monotonic() - start < 1


def test_a_late_answer_is_a_504_and_not_asked_for_again(web: Web) -> None:
    before = len(web.reached)
    start = time.monotonic()
    assert web.ask("/slow?seconds=3").status == 504
    assert 0.9 < time.monotonic() - start < 2
    assert len(web.reached) - before == 1


def test_a_large_body_is_refused_before_it_arrives(web: Web) -> None:
    before = len(web.reached)
    head = b"POST /x HTTP/1.1\r\nHost: shop.test\r\nContent-Length: 1048577\r\n\r\n"
    with web.connect() as connection:
        connection.sendall(head)
        assert until(connection, b"\r\n\r\n").startswith(b"HTTP/1.1 413")
    assert len(web.reached) == before
    assert web.ask("/x", "POST", body=b"x" * 1048576).json()["bytes"] == 1048576


def test_large_heads_are_refused(web: Web) -> None:
    assert web.ask("/" + "x" * 5000).status == 414
    assert web.ask("/x", headers={"Cookie": "x" * 5000}).status == 400
    assert web.ask("/x", headers={"Cookie": "x" * 3000}).status == 200


def test_the_applications_errors_pass_as_they_are(web: Web) -> None:
    answer = web.answer(503, "Retry-After:7", "Content-Type:text/plain", text="busy")
    assert (answer.status, answer.body, answer.header("retry-after")) == (503, b"busy", "7")
    assert web.answer(404, text="mine").body == b"mine"


def test_processes_get_equal_shares(serve: Serve) -> None:
    web = serve(limits=OFF)
    for _ in range(40):
        web.ask("/answer")
    shares = [len(upstream.seen) for upstream in web.upstreams]
    assert sum(shares) == 40
    assert min(shares) >= 15


def test_a_busy_process_is_spared(serve: Serve) -> None:
    web = serve(limits=OFF)
    with concurrent.futures.ThreadPoolExecutor(9) as pool:
        slow = [pool.submit(web.ask, "/slow?seconds=1") for _ in range(9)]
        time.sleep(0.5)
        less, more = sorted(web.upstreams, key=lambda upstream: len(upstream.seen))
        assert (len(less.seen), len(more.seen)) == (4, 5)
        for _ in range(6):
            web.ask("/x")
        assert {one.result().status for one in slow} == {200}
    assert (len(less.seen), len(more.seen)) == (10, 5)


def test_a_request_that_kills_processes_is_not_given_to_all(serve: Serve) -> None:
    web = serve(limits=OFF, upstream_tries=1)
    assert web.ask("/gone").status == 502
    assert len(web.reached) == 1


def test_a_process_that_is_gone_costs_no_request(serve: Serve) -> None:
    web = serve(limits=OFF)
    web.upstreams[0].socket.unlink()
    assert [web.ask("/x", "POST", body=b"x").status for _ in range(30)] == [200] * 30
    assert len(web.upstreams[1].seen) == 30


def test_a_process_that_dies_under_a_request(serve: Serve) -> None:
    """A GET is given to another one; a POST may have had its effect and is not."""
    web = serve(limits=OFF, upstream_tries=2)
    web.ask("/gone")
    assert sorted(len(upstream.seen) for upstream in web.upstreams) == [1, 1]
    web.ask("/gone", "POST", body=b"x")
    assert sum(len(upstream.seen) for upstream in web.upstreams) == 3


def test_processes_that_were_gone_are_back_at_once(serve: Serve) -> None:
    """One after the other, faster than any rest: somebody is always left to ask."""
    web = serve(limits=OFF)
    for upstream in [*web.upstreams, *web.upstreams]:
        aside = upstream.socket.rename(upstream.socket.with_suffix(".aside"))
        assert {web.ask("/x").status for _ in range(12)} == {200}
        aside.rename(upstream.socket)
    for upstream in web.upstreams:
        upstream.socket.rename(upstream.socket.with_suffix(".aside"))
    assert {web.ask("/x").status for _ in range(12)} == {502}
    for upstream in web.upstreams:
        upstream.socket.with_suffix(".aside").rename(upstream.socket)
    assert {web.ask("/x").status for _ in range(12)} == {200}


def test_a_failed_process_rests_while_another_is_there(serve: Serve) -> None:
    web = serve(limits=OFF, upstream_rest_seconds=60)
    aside = web.upstreams[0].socket.rename(web.upstreams[0].socket.with_suffix(".aside"))
    assert {web.ask("/x").status for _ in range(4)} == {200}
    aside.rename(web.upstreams[0].socket)
    assert {web.ask("/x").status for _ in range(12)} == {200}
    assert web.upstreams[0].seen == []


def test_one_of_five_is_found(serve: Serve) -> None:
    """The dead ones have the fewest connections, and more of them than may be tried for one."""
    # A busy machine takes more than a second for all that is asked.
    web = serve(limits=OFF, processes=5, upstream_rest_seconds=60)
    for upstream in web.upstreams[:4]:
        upstream.socket.rename(upstream.socket.with_suffix(".aside"))
    web.ask("/x")
    time.sleep(0.05)
    assert {web.ask("/x").status for _ in range(100)} == {200}


def test_a_moved_link_moves_the_traffic_without_a_reload(serve: Serve) -> None:
    web = serve(limits=OFF)
    live = web.root / "srv/shop/live"
    slot = live.rename(live.with_name("green"))
    assert web.ask("/x").status == 502
    live.symlink_to(slot.name)
    assert web.ask("/x").status == 200
