"""Visitors who think before each request, seen from a machine of their own.

wrk cannot be them: it spins while a server's answer to a handshake is due (4.1), and takes the
cores from the box beside it, most of all while that is slow.

Run as a program: ADDRESS, then by environment what `Asked` has. SIGINT ends it early. It prints the
figures as wrk.lua does, in one line.
"""

from __future__ import annotations

import asyncio
import gc
import json
import os
import random
import re
import resource
import signal
import ssl
import time
from contextlib import suppress
from dataclasses import dataclass, field

KINDS = ("GET", "GET", "POST", "GET", "GET", "GET once", "POST once", "GET")
"""Of eight requests two are a POST, and two, one of each kind, have a connection of their own."""
HEAD_END = b"\r\n\r\n"
ARRIVED = 2.0  # seconds, until all have come
LENGTH = re.compile(rb"(?im)^content-length: *(\d+)")


@dataclass(frozen=True)
class Asked:
    """What is asked for, and how. think: milliseconds before a request, on average, half of it at
    least. post: a JSON body, or "". seconds: how long. timeout: seconds until an answer is late."""

    address: str
    domain: str
    path: str
    connections: int
    seconds: int
    think: int
    post: str = ""
    headers: tuple[str, ...] = ()
    timeout: int = 10


@dataclass
class Seen:
    """Milliseconds of each answer, its bytes in sum, and what failed. since: when times begin to
    count, by time.perf_counter: not while all connect at once."""

    since: float
    ended: bool = False

    times: list[float] = field(default_factory=list)
    bytes: int = 0
    failed: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("connect", "read", "write", "timeout", "status"), 0)
    )


@dataclass
class Connection:
    """A connection, or none as yet."""

    streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    def close(self) -> None:
        if self.streams:
            self.streams[1].transport.abort()
        self.streams = None


class Failed(Exception):
    pass


def requests(asked: Asked) -> list[tuple[bytes, bool]]:
    """Bytes of each kind of request, in turn, and whether it has a connection of its own."""
    kinds = KINDS if asked.post else ("GET",)
    return [(_request(asked, *kind.partition(" ")[::2]), kind.endswith("once")) for kind in kinds]


def _request(asked: Asked, method: str, once: str) -> bytes:
    body = asked.post if method == "POST" else ""
    lines = [f"{method} {asked.path} HTTP/1.1", f"Host: {asked.domain}", *asked.headers]
    lines += [f"Content-Type: application/json\r\nContent-Length: {len(body)}"] if body else []
    lines += ["Connection: close"] if once else []
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


async def visitor(asked: Asked, tls: ssl.SSLContext, seen: Seen, number: int) -> None:
    """One client, until it is cancelled."""
    kinds, kept = requests(asked), Connection()
    while not seen.ended:  # a cancelled wait may end as if it were not (wait_for, before 3.12)
        request, once = kinds[number % len(kinds)]
        number += 1
        await asyncio.sleep(random.uniform(0.5, 1.5) * asked.think / 1000)
        begun = time.perf_counter()
        own = Connection() if once else kept
        try:
            status, size = await asyncio.wait_for(answer(own, asked, tls, request), asked.timeout)
        except (Failed, asyncio.TimeoutError) as error:
            seen.failed[str(error) or "timeout"] += 1
            own.close()
            continue
        if begun > seen.since:
            seen.times.append((time.perf_counter() - begun) * 1000)
        seen.bytes += size
        seen.failed["status"] += status >= 400
        if once:
            own.close()


async def answer(
    connection: Connection, asked: Asked, tls: ssl.SSLContext, request: bytes
) -> tuple[int, int]:
    """Status of the answer, and its bytes; the connection is made when there is none. Raises
    Failed."""
    if connection.streams is None:
        try:
            connection.streams = await asyncio.open_connection(
                asked.address, 443, ssl=tls, server_hostname=asked.domain
            )
        except OSError as error:
            raise Failed("connect") from error
    reader, writer = connection.streams
    try:
        writer.write(request)
        await writer.drain()
    except OSError as error:
        raise Failed("write") from error
    try:
        head = await reader.readuntil(HEAD_END)
        found = LENGTH.search(head)
        length = int(found[1]) if found else 0
        await reader.readexactly(length)
    except (OSError, EOFError) as error:
        raise Failed("read") from error
    return int(head.split(b" ", 2)[1]), len(head) + length


def figures(seen: Seen, seconds: float) -> str:
    """What `tests.support.wrk.Load` takes, as JSON."""
    times = sorted(seen.times) or [0.0]

    def at(percent: float) -> float:
        return round(times[min(int(len(times) * percent / 100), len(times) - 1)], 3)

    return json.dumps(
        {
            "requests": len(seen.times),
            "seconds": seconds,
            "bytes": seen.bytes,
            **seen.failed,
            "mean": sum(times) / len(times),
            **{f"p{percent}": at(percent) for percent in (50, 95, 99)},
            "max": times[-1],
            "slower": [at(permille / 10) for permille in range(500, 1000)],
        }
    )


async def visit(asked: Asked) -> Seen:
    """All of them, until their time is over or SIGINT comes."""
    tls = ssl.create_default_context()
    tls.check_hostname, tls.verify_mode = False, ssl.CERT_NONE  # a box's certificate is its own
    seen, end = Seen(time.perf_counter() + ARRIVED), asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, end.set)
    visitors = [
        asyncio.ensure_future(visitor(asked, tls, seen, number))
        for number in range(asked.connections)
    ]
    over, parent = time.monotonic() + asked.seconds, os.getppid()
    # Whoever started this may be killed.
    while not end.is_set() and time.monotonic() < over and os.getppid() == parent:
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(end.wait(), min(1, max(over - time.monotonic(), 0)))
    seen.ended = True
    for each in visitors:
        each.cancel()
    for ended in await asyncio.gather(*visitors, return_exceptions=True):
        if isinstance(ended, Exception):
            raise ended
    return seen


def main() -> None:
    asked = Asked(**json.loads(os.environ["ASKED"]))
    with suppress(PermissionError):  # a machine of their own: nothing here keeps them waiting
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    gc.disable()
    random.seed(1)
    begun = time.monotonic()
    seen = asyncio.run(visit(asked))
    print(figures(seen, time.monotonic() - begun))


if __name__ == "__main__":
    main()
