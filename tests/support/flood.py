"""One client that asks for as much as it gets, from a process of its own."""

from __future__ import annotations

import contextlib
import json
import multiprocessing
import time
from collections.abc import Iterator
from multiprocessing.synchronize import Event

from .client import Server

GUESS = json.dumps({"email": "a@example.com", "password": "not the password"})
PAUSE = 0.004  # seconds between two requests: some 200 a second


def _flood(server: Server, source: str, stop: Event) -> None:
    head = f"POST /login HTTP/1.1\r\nHost: {server.domain}\r\nContent-Type: application/json\r\n"
    ask = f"{head}Content-Length: {len(GUESS)}\r\n\r\n{GUESS}".encode()
    while not stop.is_set():
        with (
            contextlib.suppress(OSError),
            server.connect(source=source) as connection,
        ):
            while not stop.is_set():
                connection.sendall(ask)
                if not connection.recv(65536):
                    break
                time.sleep(PAUSE)


@contextlib.contextmanager
def flood(server: Server, source: str) -> Iterator[None]:
    """Guessed passwords from the address `source`, each dear to check."""
    context = multiprocessing.get_context("spawn")
    stop = context.Event()
    process = context.Process(target=_flood, args=(server, source, stop), daemon=True)
    process.start()
    try:
        yield
    finally:
        stop.set()
        process.join(20)
