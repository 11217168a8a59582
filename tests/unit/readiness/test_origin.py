"""Looks from outside at a host behind a CDN, which refuses who does not come from there."""

from __future__ import annotations

import http.server
import socket
import threading
from collections.abc import Iterator

import pytest

from readiness.outside.client import Refused, Visitor


class Refusing(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(403)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *words: object) -> None:
        """Nothing on the tests' terminal."""


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whoever asks anybody is refused."""
    server = http.server.HTTPServer(("127.0.0.1", 0), Refusing)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    connect, port = socket.create_connection, server.server_port
    monkeypatch.setattr(
        socket, "create_connection", lambda _, timeout: connect(("127.0.0.1", port), timeout)
    )
    yield
    server.shutdown()
    server.server_close()


def test_a_refusal_by_the_origin_is_no_answer(refusing: None) -> None:
    with pytest.raises(Refused, match=r"nginx\.origin\.allow"):
        Visitor("shop.example", "192.0.2.1", behind=True).ask("/docs", plain=True)


def test_elsewhere_it_is_one(refusing: None) -> None:
    assert Visitor("shop.example", "192.0.2.1").ask("/docs", plain=True).status == 403
