"""An application's keys in Redis, as bytes from end to end: their names are its own words, and the
end of a line may be in one, with another application's key behind it."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from io import BufferedRWPair
from typing import Any

SOCKET = "/run/redis/redis-server.sock"
SECONDS = 60  # for one answer
AT_ONCE = b"1000"  # keys that are looked at before Redis answers others again


class Wrong(Exception):
    """What Redis said in place of an answer."""


def remove(prefix: str, login: str, path: str = SOCKET) -> int:
    """Remove all keys that begin so; returns how many. login: what an operator says first, as
    words. Raises Wrong or OSError."""
    begin, count, place = prefix.encode(), 0, b"0"
    with _connected(path) as stream:
        _say(stream, login.encode().split())
        while True:
            wish = [b"SCAN", place, b"MATCH", begin + b"*", b"COUNT", AT_ONCE]
            place, names = _say(stream, wish)
            mine = [name for name in names if name.startswith(begin)]
            if mine:
                count += _say(stream, [b"UNLINK", *mine])
            if place == b"0":
                return count


@contextmanager
def _connected(path: str) -> Iterator[BufferedRWPair]:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(SECONDS)
        connection.connect(path)
        with connection.makefile("rwb") as stream:
            yield stream


def _say(stream: BufferedRWPair, words: Sequence[bytes]) -> Any:
    sent = [b"*%d\r\n" % len(words), *(b"$%d\r\n%b\r\n" % (len(word), word) for word in words)]
    stream.write(b"".join(sent))
    stream.flush()
    return _answer(stream)


def _answer(stream: BufferedRWPair) -> Any:
    """Of Redis' protocol (RESP 2) what these commands are answered with."""
    line = stream.readline()
    if not line.endswith(b"\r\n"):
        raise Wrong("Redis closed the connection")
    kind, rest = line[:1], line[1:-2]
    if kind == b"-":
        raise Wrong(rest.decode(errors="replace"))
    if kind == b"+":
        return rest
    if kind == b":":
        return int(rest)
    if kind == b"$":
        return stream.read(int(rest) + 2)[:-2]
    return [_answer(stream) for _ in range(int(rest))]
