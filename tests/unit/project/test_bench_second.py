"""What the benchmark of second runs measures with."""

from __future__ import annotations

import socket
import threading
import time

from benchmarks.bars import second_bars
from benchmarks.second.distance import away

ROUND_TRIP = 0.1


def _echo(server: socket.socket) -> None:
    connection, _ = server.accept()
    with connection:
        while data := connection.recv(100):
            connection.sendall(data)


def test_a_host_is_as_far_away_as_was_said() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=_echo, args=(server,), daemon=True).start()
        with (
            away("127.0.0.1", server.getsockname()[1], ROUND_TRIP) as port,
            socket.create_connection(("127.0.0.1", port), timeout=10) as near,
        ):
            near.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            for word in (b"one", b"two"):
                begin = time.monotonic()
                near.sendall(word)
                assert near.recv(100) == word
                assert time.monotonic() - begin >= ROUND_TRIP


def test_what_is_missed_is_said() -> None:
    good = {"start": 0.5, "near": 1.4, "far": 2.9, "commands": 3}
    assert all(bar.met for bar in second_bars(good))
    for name, value in {"start": 0.7, "near": 1.6, "far": 3.1, "commands": 9}.items():
        assert [bar.met for bar in second_bars({**good, name: value})].count(False) == 1
