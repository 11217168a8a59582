"""HTTP/2 by hand: frames and header blocks that no client library would send (RFC 9113, 7541)."""

from __future__ import annotations

import contextlib
import socket
import ssl
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

import hpack

from .client import Server

DATA, HEADERS, RST_STREAM, SETTINGS, PING, GOAWAY, CONTINUATION = 0, 1, 3, 4, 6, 7, 9
END_STREAM, END_HEADERS, ACK = 1, 4, 1
PREFACE = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

CLOSED, RESET = 0, 1  # what is seen instead of a status: the connection's end, the stream's

Fields = Iterable[tuple[str, str]]


def frame(kind: int, payload: bytes = b"", *, flags: int = 0, stream: int = 0) -> bytes:
    head = len(payload).to_bytes(3, "big") + bytes((kind, flags)) + stream.to_bytes(4, "big")
    return head + payload


def integer(number: int, bits: int, first: int = 0) -> bytes:
    """`number` with a prefix of `bits`, in a first byte that has `first` set too."""
    most = (1 << bits) - 1
    if number < most:
        return bytes((first | number,))
    rest, found = number - most, [first | most]
    while rest >= 128:
        found.append(rest % 128 + 128)
        rest //= 128
    return bytes((*found, rest))


def text(value: str) -> bytes:
    data = value.encode("latin-1")
    return integer(len(data), 7) + data


def literal(name: str, value: str, *, kept: bool = False) -> bytes:
    """A field as it is; `kept`: in the table that later blocks refer to."""
    return (b"\x40" if kept else b"\x00") + text(name) + text(value)


def block(fields: Fields) -> bytes:
    return b"".join(literal(name, value) for name, value in fields)


@dataclass
class Connection:
    """An open connection of HTTP/2, and what came on it."""

    socket: socket.socket
    decoder: hpack.Decoder = field(default_factory=hpack.Decoder)
    came: bytes = b""

    @classmethod
    @contextlib.contextmanager
    def to(cls, server: Server, source: str = "", timeout: float = 10) -> Iterator[Connection]:
        h2 = replace(server, protocols=("h2",))
        with h2.connect(source=source, timeout=timeout) as plain:
            assert isinstance(plain, ssl.SSLSocket)
            assert plain.selected_alpn_protocol() == "h2"
            connection = cls(plain)
            connection.send(PREFACE + frame(SETTINGS))
            yield connection

    def send(self, data: bytes) -> bool:
        """Whether the other side still takes it."""
        try:
            self.socket.sendall(data)
        except (OSError, ssl.SSLError):
            return False
        return True

    def ask(self, fields: Fields, body: bytes | None = None, stream: int = 1) -> bool:
        """One request; `body`: in one frame of data."""
        last = END_STREAM if body is None else 0
        data = frame(HEADERS, block(fields), flags=END_HEADERS | last, stream=stream)
        if body is not None:
            data += frame(DATA, body, flags=END_STREAM, stream=stream)
        return self.send(data)

    def frames(self) -> Iterator[tuple[int, int, int, bytes]]:
        """Kind, flags, stream and payload of all that comes, until the other side closes or falls
        silent."""
        while True:
            while (end := self._complete()) <= len(self.came):
                head, payload, self.came = self.came[:9], self.came[9:end], self.came[end:]
                yield head[3], head[4], int.from_bytes(head[5:9], "big"), payload
            try:
                piece = self.socket.recv(65536)
            except (OSError, ssl.SSLError):
                return
            if not piece:
                return
            self.came += piece

    def fields(self, payload: bytes) -> dict[str, str]:
        """A head's fields by name."""
        return {str(name): str(value) for name, value in self.decoder.decode(payload)}

    def statuses(self, most: int) -> Iterator[int]:
        """The statuses of so many answers, in the order in which they come."""
        for kind, _, _, payload in self.frames():
            if kind == HEADERS:
                yield int(self.fields(payload)[":status"])
                most -= 1
            if not most:
                return

    def _complete(self) -> int:
        """How many bytes there must be until the next frame is there as a whole."""
        return 9 + int.from_bytes(self.came[:3], "big") if len(self.came) >= 9 else 9

    def answer(self, stream: int = 1) -> tuple[int, dict[str, str]]:
        """The status of a stream, or CLOSED or RESET, and its headers."""
        for kind, _, number, payload in self.frames():
            if kind == HEADERS:
                found = self.fields(payload)
                if number == stream:
                    return int(found[":status"]), found
            elif kind == RST_STREAM and number == stream:
                return RESET, {}
            elif kind == GOAWAY:
                return CLOSED, {}
        return CLOSED, {}
