"""A host that is far away: a relay between it and the operator's machine that takes its time.

Not every kernel delays packets (netem), and containers share their machine's. So bytes wait in a
relay, as long in each direction.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

SIZE = 65536


@contextmanager
def away(host: str, port: int, round_trip: float) -> Iterator[int]:
    """A port of this machine that leads to `host`, `round_trip` seconds away."""
    loop = asyncio.new_event_loop()
    relay = _Relay(host, port, round_trip / 2)
    server = loop.run_until_complete(asyncio.start_server(relay.join, "127.0.0.1", 0))
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        asyncio.run_coroutine_threadsafe(_end(loop), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _end(loop: asyncio.AbstractEventLoop) -> None:
    """What is still joined is let go."""
    under_way = asyncio.all_tasks(loop) - {asyncio.current_task(loop)}
    for task in under_way:
        task.cancel()
    await asyncio.gather(*under_way, return_exceptions=True)


class _Relay:
    def __init__(self, host: str, port: int, delay: float) -> None:
        self._host, self._port, self._delay = host, port, delay

    async def join(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        # The end of the measurement is nobody's error.
        with suppress(asyncio.CancelledError):
            await self._join(near, back)

    async def _join(self, near: asyncio.StreamReader, back: asyncio.StreamWriter) -> None:
        await asyncio.sleep(2 * self._delay)  # the handshake
        far, onward = await asyncio.open_connection(self._host, self._port)
        try:
            await asyncio.gather(self._carry(near, onward), self._carry(far, back))
        finally:
            for sink in (onward, back):
                sink.close()

    async def _carry(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        """Each piece leaves `delay` after it came, however many are under way."""
        loop = asyncio.get_running_loop()
        with suppress(OSError):
            while data := await source.read(SIZE):
                loop.call_later(self._delay, sink.write, data)
        await asyncio.sleep(self._delay)
        sink.close()
