"""Whether a process is healthy, as the program on the host asks it, over real sockets."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from roles.app.host import health

HEALTH = {
    "path": "/health",
    "status": 200,
    "contains": "",
    "successes": 2,
    "deadline": 3,
    "timeout": 1,
    "host": "shop.example",
}


@contextmanager
def answering(path: Path, *answers: bytes) -> Iterator[list[bytes]]:
    """A server on a Unix socket that gives each answer once, the last one for ever."""
    asked: list[bytes] = []
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(path))
    server.listen()

    def serve() -> None:
        while True:
            try:
                connection, _ = server.accept()
            except OSError:
                return
            asked.append(connection.recv(65536))
            connection.sendall(answers[min(len(asked), len(answers)) - 1])
            connection.close()

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield asked
    server.shutdown(socket.SHUT_RDWR)
    server.close()
    thread.join()


def response(status: int, body: str = "") -> bytes:
    return f"HTTP/1.1 {status} X\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()


def redirect(to: str) -> bytes:
    return f"HTTP/1.1 301 X\r\nLocation: {to}\r\nContent-Length: 0\r\n\r\n".encode()


def test_a_process_is_asked_as_nginx_would(tmp_path: Path) -> None:
    with answering(tmp_path / "s", response(200)) as asked:
        assert health.wait({"web-1": tmp_path / "s"}, HEALTH) == {}
    assert len(asked) == 2
    assert asked[0].startswith(b"GET /health HTTP/1.1\r\n")
    assert b"Host: shop.example\r\n" in asked[0]
    assert b"X-Forwarded-Proto: https\r\n" in asked[0]


def test_successes_have_to_be_in_a_row(tmp_path: Path) -> None:
    answers = [response(200), response(500), response(200), response(200)]
    with answering(tmp_path / "s", *answers) as asked:
        assert health.wait({"web-1": tmp_path / "s"}, HEALTH) == {}
    assert len(asked) == 4


@pytest.mark.parametrize(
    ("answer", "changed", "reason"),
    [
        (response(500, "no database"), {}, "answered 500 (wanted 200; app.health.path and"),
        (response(500, "no database"), {}, "app.health.status say what is): no database"),
        (redirect("/health/"), {}, "/health answered 301 to /health/ (wanted 200; app.health"),
        (
            response(200, "starting"),
            {"contains": "ok"},
            "answered 200 (wanted 'ok' in it; app.health.contains): starting",
        ),
        (b"not HTTP at all\r\n\r\n", {}, "/health: not HTTP at all"),
        (b"", {}, "Remote end closed connection"),
    ],
)
def test_the_reason_is_told(
    tmp_path: Path, answer: bytes, changed: dict[str, Any], reason: str
) -> None:
    with answering(tmp_path / "s", answer):
        reasons = health.wait({"web-1": tmp_path / "s"}, {**HEALTH, "deadline": 0.5, **changed})
    assert reason in reasons["web-1"]


def test_who_answers_wrongly_listens_where_he_is_asked(tmp_path: Path) -> None:
    with answering(tmp_path / "s", response(404, "no such page")):
        assert health.reached(health.ask(tmp_path / "s", HEALTH), HEALTH)
    with answering(tmp_path / "t", b""):  # the proxy of systemd, before a port nobody listens on
        assert not health.reached(health.ask(tmp_path / "t", HEALTH), HEALTH)
    assert health.reached("it has ended 3 times; /health was not answered in 5 s", HEALTH)
    assert not health.reached("it has not made its socket", HEALTH)


def test_what_does_not_listen_is_told(tmp_path: Path) -> None:
    left = socket.socket(socket.AF_UNIX)
    left.bind(str(tmp_path / "left"))
    left.close()
    silent = socket.socket(socket.AF_UNIX)
    silent.bind(str(tmp_path / "silent"))
    silent.listen()
    quick = {**HEALTH, "timeout": 0.2}
    assert health.ask(tmp_path / "missing", quick) == "it has not made its socket"
    assert health.ask(tmp_path / "left", quick) == "nothing listens on its socket"
    assert health.ask(tmp_path / "silent", quick) == "/health was not answered in 0.2 s"
    # Whoever has the folder could lead root to a socket of others.
    (tmp_path / "link").symlink_to("silent")
    assert "a link is in the place of its socket" in health.ask(tmp_path / "link", quick)
    silent.close()


def drip(listener: socket.socket) -> None:
    """Two seconds of an answer that never ends, a byte every 20 ms."""
    client = listener.accept()[0]
    with client, contextlib.suppress(OSError):
        client.sendall(b"HTTP/1.1 100 Continue\r\n")
        for _ in range(100):
            client.sendall(b"X")
            time.sleep(0.02)


def test_SEC_08_who_answers_byte_by_byte_keeps_nobody_waiting(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "s"))
        listener.listen()
        thread = threading.Thread(target=drip, args=(listener,))
        thread.start()
        begin = time.monotonic()
        quick = {**HEALTH, "timeout": 0.3}
        assert health.ask(tmp_path / "s", quick) == "/health was not answered in 0.3 s"
        assert time.monotonic() - begin < 1
        thread.join()


def test_no_waiting_for_the_hopeless(tmp_path: Path) -> None:
    begin = time.monotonic()
    reasons = health.wait(
        {"web-1": tmp_path / "s"}, {**HEALTH, "deadline": 30}, lambda: {"web-1": "it died"}
    )
    assert reasons == {"web-1": "it died; it has not made its socket"}
    assert time.monotonic() - begin < 5
