"""Hostile HTTP/2: refused and cut off; the application sees none of it, and nobody waits for it."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from tests.host.conftest import Host
from tests.host.stages import NEXT, once
from tests.support import hostile_h2
from tests.support.client import Server
from tests.support.hostile_h2 import request
from tests.support.http2 import (
    ACK,
    CLOSED,
    CONTINUATION,
    END_HEADERS,
    END_STREAM,
    HEADERS,
    PING,
    RST_STREAM,
    SETTINGS,
    Connection,
    block,
    frame,
    literal,
)

from .test_hostile import counted, seen

pytestmark = once

MB = 2**20
ALLOWANCE = 60  # requests a minute of one client that reach the application
REQUESTS = 1000  # of one connection, keepalive_requests
CANCEL = (8).to_bytes(4, "big")


def test_what_http2_lets_a_client_say_is_refused_and_reaches_nothing(
    box: Host, web: Server
) -> None:
    run = secrets.token_hex(8)
    tokens = {f"{run}-{number:03d}": one for number, one in enumerate(hostile_h2.ALL)}

    def send(token: str) -> tuple[int, bool]:
        with Connection.to(web, timeout=5) as connection:
            connection.ask(*tokens[token].of(token))
            status, headers = connection.answer()
            return status, "x-release" in headers

    with ThreadPoolExecutor(16) as pool:
        answers = dict(zip(tokens, pool.map(send, tokens), strict=True))
    wrong = {
        attack.name: answers[token]
        for token, attack in tokens.items()
        for status, by_application in [answers[token]]
        if status not in attack.statuses or by_application > attack.passes
    }
    assert wrong == {}
    reached = seen(box, web, run)
    allowed = {f"/{token}" for token, attack in tokens.items() if attack.passes}
    assert {one["path"] for one in reached} <= allowed
    # Nothing that Nginx did not count as a request of its own.
    assert {one["request_id"] for one in reached} <= set(counted(box, run))
    assert any(by_application for _, by_application in answers.values()), "nothing was seen at all"


def test_a_websocket_is_no_thing_of_http2(web: Server) -> None:
    upgrade = (
        ("connection", "upgrade"), ("upgrade", "websocket"), ("sec-websocket-version", "13"),
        ("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="),
    )  # fmt: skip
    with Connection.to(web) as connection:
        connection.ask(request(*upgrade, path="/ws/echo"))
        assert connection.answer()[0] in (400, 404, 426)


@contextmanager
def others_are_served(web: Server, address: str) -> Iterator[None]:
    """Somebody else asks all the time, on connections of his own: nothing fails, and nineteen of
    twenty take less than a second."""
    stop = threading.Event()
    times: list[float] = []
    wrong: list[object] = []

    def ask() -> None:
        while not stop.is_set():
            begin = time.monotonic()
            try:
                answer = web.ask("/static/style.css", source=address)
                if answer.status not in (200, 404):
                    wrong.append(answer)
            except OSError as error:
                wrong.append(error)
            times.append(time.monotonic() - begin)

    asker = threading.Thread(target=ask)
    asker.start()
    try:
        yield
        time.sleep(0.5)
    finally:
        stop.set()
        asker.join(30)
    assert not wrong, wrong[:3]
    assert sorted(times)[int(len(times) * 0.95)] < 1, "others wait"


def test_streams_that_are_taken_back_at_once_ask_for_no_more_than_others(
    box: Host, web: Server, visitor: Callable[[], str]
) -> None:
    """CVE-2023-44487, rapid reset: each costs the client nothing, and is begun by the server."""
    attacker, token = visitor(), secrets.token_hex(8)
    fields = block(request(path=f"/{token}"))
    connections = asked = 0
    with others_are_served(web, visitor()):
        end = time.monotonic() + 5
        while time.monotonic() < end:
            connections += 1
            with Connection.to(web, attacker) as connection:
                for stream in range(1, 20_000, 2):
                    if not connection.send(
                        frame(HEADERS, fields, flags=END_HEADERS | END_STREAM, stream=stream)
                        + frame(RST_STREAM, CANCEL, stream=stream)
                    ):
                        break
                    asked += 1
    assert asked > 10_000, "it was no flood"
    reached = [one for one in seen(box, web, token) if one["path"] == f"/{token}"]
    assert len(reached) <= ALLOWANCE + 10
    begun = int(box.ssh(f"grep -c '\"/{token}\"' /var/log/nginx/access.log"))
    assert begun <= REQUESTS * connections, "a connection is never at its end"
    assert web.ask("/version").status == 200


def flood(connection: Connection, piece: bytes, most: int) -> int:
    """Send `piece` again and again; out: bytes until the server had enough, or `most`."""
    sent = 0
    batch = piece * max(1, 16384 // len(piece))
    while sent < most and connection.send(batch):
        sent += len(batch)
    return sent


BEGIN = frame(HEADERS, block(request()), flags=END_STREAM, stream=1)
FLOODS = {
    "a head without an end": (BEGIN, frame(CONTINUATION, literal("x-a", "a" * 1000), stream=1)),
    "a head of empty pieces": (BEGIN, frame(CONTINUATION, stream=1)),
    "questions": (b"", frame(PING, bytes(8))),
    "settings": (b"", frame(SETTINGS)),
    "empty acknowledgements": (b"", frame(SETTINGS, flags=ACK)),
}
# What Nginx 1.24 reads on, and keeps nothing of: its memory and what others get is the bound there.
READ_ON = {"a head without an end", "a head of empty pieces", "empty acknowledgements"}


@pytest.mark.parametrize("name", FLOODS)
def test_a_flood_of_frames_is_cut_off(
    box: Host, web: Server, visitor: Callable[[], str], name: str
) -> None:
    first, piece = FLOODS[name]
    before = memory(box)
    with others_are_served(web, visitor()), Connection.to(web, visitor()) as connection:
        connection.send(first)
        cut = flood(connection, piece, 20 * MB) < 20 * MB
    assert cut or (box.suite in NEXT and name in READ_ON), "it takes all that is sent"
    assert memory(box) - before < 20 * MB


def memory(box: Host) -> int:
    """What Nginx's processes hold, bytes."""
    pages = box.ssh("cat $(pgrep -x nginx | sed 's#.*#/proc/&/statm#') | cut -d' ' -f2")
    return sum(int(each) for each in pages.split()) * 4096


@pytest.mark.parametrize("times", [40, 5000])
def test_a_small_head_that_unpacks_to_a_large_one_is_refused(
    box: Host, web: Server, times: int
) -> None:
    """4 KB go into the table once, and are referred to by one byte each from then on."""
    newest = b"\xbe"
    head = block(request()) + literal("x-a", "a" * 3900, kept=True) + newest * times
    before = memory(box)
    with Connection.to(web, timeout=5) as connection:
        connection.send(frame(HEADERS, head, flags=END_STREAM | END_HEADERS, stream=1))
        assert connection.answer()[0] in (CLOSED, 400, 431)
    assert memory(box) - before < 20 * MB


def test_what_is_asked_properly_is_answered(web: Server) -> None:
    """So that the tests above would notice."""
    with Connection.to(web) as connection:
        connection.ask(request(path="/version"))
        status, headers = connection.answer()
    assert (status, "x-release" in headers) == (200, True)
