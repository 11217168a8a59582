"""A site that is against whoever looks at it: an intruder answers in the application's place."""

from __future__ import annotations

import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from readiness.outcome import Outcome
from readiness.outside import client, web
from readiness.outside.client import Answer, Visitor
from tests.unit.environments.model import settings

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[list[bytes]], Visitor]]:
    """A visitor of a server that sends one piece after the other, each after a moment."""
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        connect, address = socket.create_connection, server.getsockname()

        def serving(pieces: list[bytes]) -> Visitor:
            def serve() -> None:
                connection, _ = server.accept()
                with closing(connection):
                    connection.recv(65536)
                    for piece in pieces:
                        try:
                            connection.sendall(piece)
                        except OSError:
                            return
                        time.sleep(0.05)

            threading.Thread(target=serve, daemon=True).start()
            return Visitor("shop.example", "192.0.2.1")

        monkeypatch.setattr(
            socket, "create_connection", lambda _, timeout: connect(address, timeout)
        )
        yield serving


@pytest.mark.parametrize("head", [HEAD + b"Content-Length: 9999\r\n\r\n", HEAD])
def test_who_sends_a_byte_now_and_then_keeps_no_report(
    answers: Callable[[list[bytes]], Visitor], monkeypatch: pytest.MonkeyPatch, head: bytes
) -> None:
    monkeypatch.setattr(client, "WHOLE", 0.5)
    begin = time.monotonic()
    with pytest.raises(TimeoutError):
        answers([head, *[b"x"] * 100]).ask("/", plain=True)
    assert time.monotonic() - begin < 3


def test_an_answer_in_time_is_as_it_was(answers: Callable[[list[bytes]], Visitor]) -> None:
    found = answers([HEAD + b"Content-Length: 2\r\n\r\n", b"ok"]).ask("/", plain=True)
    assert (found.status, found.body) == (200, b"ok")


@pytest.mark.parametrize("broken", [False, True])
def test_what_is_packed_fills_no_memory_and_breaks_no_report(
    monkeypatch: pytest.MonkeyPatch, broken: bool
) -> None:
    pack = zlib.compressobj(wbits=31)
    body = b"".join([*(pack.compress(bytes(1_000_000)) for _ in range(400)), pack.flush()])
    assert len(body) < client.LONGEST
    if broken:
        body = body[:20] + b"?" * 2000

    def ask(visitor: Visitor, path: str, method: str = "GET", **headers: str) -> Answer:
        if headers.get("accept_encoding") == "gzip":
            return Answer(200, {"content-encoding": "gzip"}, body)
        return Answer(200, {"content-type": "text/html"}, b"x" * 9000)

    monkeypatch.setattr(Visitor, "ask", ask)
    before = _peak()
    found = web.compressed(settings(), Visitor("shop.example", "192.0.2.1"), "")
    assert found.outcome in (Outcome.TRUE, Outcome.FALSE)
    assert _peak() - before < 100_000


def _peak() -> int:
    """KiB that this process has had at most, since it was last reset."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
