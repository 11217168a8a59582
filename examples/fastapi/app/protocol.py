"""HTTP as Uvicorn speaks it, an answer written at once.

Uvicorn writes the head of an answer, then its body. A process that is killed in between leaves
Nginx with a head that it has passed on, so it can't ask another process any more: a client sees a
broken answer. Written at once it is whole or not there. It saves a system call too.
"""

import asyncio
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

SIZE = 64 * 1024  # bytes that wait at most; beyond that the transport itself says when to pause


class Joined:
    """A transport whose writes leave together at the end of the event loop's turn."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self.transport = transport
        self.waiting: list[bytes] = []
        self.size = 0
        self.loop = asyncio.get_running_loop()

    def write(self, data: bytes) -> None:
        if not self.waiting:
            self.loop.call_soon(self.flush)
        self.waiting.append(data)
        self.size += len(data)
        if self.size > SIZE:
            self.flush()

    def flush(self) -> None:
        if self.waiting:
            self.transport.write(b"".join(self.waiting))
            self.waiting.clear()
            self.size = 0

    def close(self) -> None:
        self.flush()
        self.transport.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self.transport, name)


class Protocol(HttpToolsProtocol):
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(Joined(transport))  # type: ignore[arg-type]
