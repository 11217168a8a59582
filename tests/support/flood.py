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


BEGINS = 30  # seconds in which it is one; the process takes some to start on a busy machine


def _flood(server: Server, source: str, stop: Event, refused: Event) -> None:
    head = f"POST /login HTTP/1.1\r\nHost: {server.domain}\r\nContent-Type: application/json\r\n"
    ask = f"{head}Content-Length: {len(GUESS)}\r\n\r\n{GUESS}".encode()
    while not stop.is_set():
        with (
            contextlib.suppress(OSError),
            server.connect(source=source) as connection,
        ):
            while not stop.is_set():
                connection.sendall(ask)
                answer = connection.recv(65536)
                if not answer:
                    break
                if b" 429 " in answer[:20]:
                    refused.set()
                time.sleep(PAUSE)


@contextlib.contextmanager
def flood(server: Server, source: str) -> Iterator[None]:
    """Guessed passwords from the address `source`, each dear to check. Begins when one was refused
    for being too many, so that the body sees a flood."""
    context = multiprocessing.get_context("spawn")
    stop, refused = context.Event(), context.Event()
    process = context.Process(target=_flood, args=(server, source, stop, refused), daemon=True)
    process.start()
    try:
        assert refused.wait(BEGINS), "it is no flood"
        yield
    finally:
        stop.set()
        process.join(20)
