"""WebSockets and server-sent events pass."""

from __future__ import annotations

import time

from tests.host.conftest import DOMAIN, Host
from tests.host.stages import once_at_all
from tests.support.client import Server

from .asked import handshake


def test_WEB_13_websockets_pass(web: Server) -> None:
    with web.connect() as connection:
        connection.sendall(handshake())
        assert connection.recv(4096).startswith(b"HTTP/1.1 101")
        connection.sendall(bytes([0x81, 0x85, 0, 0, 0, 0]) + b"hello")
        assert connection.recv(4096).endswith(b"hello")


def test_WEB_13_a_foreign_page_gets_no_websocket(web: Server) -> None:
    with web.connect() as connection:
        connection.sendall(handshake("Origin: https://evil.test\r\n"))
        assert connection.recv(4096).startswith(b"HTTP/1.1 403")


def test_WEB_13_server_sent_events_arrive_as_they_are_sent(web: Server) -> None:
    with web.connect() as connection:
        connection.sendall(f"GET /events HTTP/1.1\r\nHost: {DOMAIN}\r\n\r\n".encode())
        begin, found = time.monotonic(), b""
        while found.count(b"event: tick") < 2:
            found += connection.recv(4096)
        assert b"text/event-stream" in found
        assert 0.5 < time.monotonic() - begin < 4  # one a second, not all at once


@once_at_all
def test_a_reload_cuts_no_websocket(box: Host, web: Server) -> None:
    with web.connect() as connection:
        connection.sendall(handshake())
        assert connection.recv(4096).startswith(b"HTTP/1.1 101")
        box.ssh("systemctl reload nginx")
        time.sleep(1)
        connection.sendall(bytes([0x81, 0x85, 0, 0, 0, 0]) + b"still")
        assert connection.recv(4096).endswith(b"still")
