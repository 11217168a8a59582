"""Clients that are slow on purpose, to keep others from being served."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from tests.host.conftest import DOMAIN
from tests.host.stages import once_at_all
from tests.support.client import Server, receive

CONNECTIONS = 1000
PATIENCE = 15  # seconds, nginx.slow_client_timeout_seconds
HEAD = f"GET /slow HTTP/1.1\r\nHost: {DOMAIN}\r\nX-Begun: ".encode()
BODY = f"POST /login HTTP/1.1\r\nHost: {DOMAIN}\r\nContent-Length: 900\r\n\r\n{{".encode()


@once_at_all
def test_half_open_connections_keep_nobody_from_being_served(
    web: Server, visitor: Callable[[], str]
) -> None:
    """No handshake, half a head, half a body: a third of the connections each."""
    attacker, other = visitor(), visitor()

    def begin(number: int) -> socket.socket:
        begun = web.connect(source=attacker, tls=number % 3 > 0, timeout=30)
        with contextlib.suppress(OSError):  # a body too many is refused, as it should be
            begun.sendall((HEAD, HEAD, BODY)[number % 3])
        return begun

    with ThreadPoolExecutor(16) as pool:
        held = list(pool.map(begin, range(CONNECTIONS)))
    try:
        times = []
        for _ in range(20):
            start = time.monotonic()
            assert web.ask("/version", source=other).status == 200
            times.append(time.monotonic() - start)
        assert sorted(times)[18] < 1, "others wait"
        # And none of them is held for long.
        end = time.monotonic() + PATIENCE + 15
        for connection in held:
            connection.settimeout(max(end - time.monotonic(), 0.1))
            receive(connection)
    finally:
        for connection in held:
            connection.close()
