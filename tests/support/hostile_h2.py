"""What HTTP/2 lets a client say that HTTP/1.1 has no words for, and how each has to be answered.

TOKEN stands for a path that is this attack's alone, as in hostile.py.
"""

from __future__ import annotations

from dataclasses import dataclass

from .hostile import DOMAIN, SMUGGLED
from .http2 import CLOSED, RESET, Fields

REFUSED = (CLOSED, RESET, 400)
CRLF = "\r\n"


@dataclass(frozen=True)
class Attack:
    """`passes`: whether the application may see it, as an ordinary request for its path."""

    name: str
    fields: tuple[tuple[str, str], ...]
    statuses: tuple[int, ...] = REFUSED
    passes: bool = False
    body: str | None = None

    def of(self, token: str) -> tuple[Fields, bytes | None]:
        fields = tuple((name, value.replace("TOKEN", token)) for name, value in self.fields)
        body = None if self.body is None else self.body.replace("TOKEN", token).encode()
        return fields, body


def request(*more: tuple[str, str], leave: str = "", **pseudo: str) -> tuple[tuple[str, str], ...]:
    """A request's fields, some with other values, one left out, `more` after them."""
    values = {"method": "GET", "scheme": "https", "authority": DOMAIN, "path": "/TOKEN"}
    values |= pseudo
    return (*((f":{name}", value) for name, value in values.items() if name != leave), *more)


def post(*more: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return request(*more, method="POST")


def refused(fields: dict[str, tuple[tuple[str, str], ...]]) -> tuple[Attack, ...]:
    return tuple(Attack(name, value) for name, value in fields.items())


def passed(fields: dict[str, tuple[tuple[str, str], ...]]) -> tuple[Attack, ...]:
    """Nginx may be stricter than it has to be; what it lets through is harmless."""
    return tuple(Attack(name, value, (404, *REFUSED), True) for name, value in fields.items())


NAMES = refused(
    {
        "no method": request(leave="method"),
        "no scheme": request(leave="scheme"),
        "no path": request(leave="path"),
        "no name at all": request(leave="authority"),
        "two methods": ((":method", "POST"), *request()),
        "two paths": request((":path", "/TOKEN-evil")),
        "two authorities": request((":authority", "evil.test")),
        "two hosts": request(("host", DOMAIN), ("host", "evil.test"), leave="authority"),
        "another host": request(("host", "evil.test")),
        "the domain as host only": request(("host", DOMAIN), authority="evil.test"),
        "another authority": request(authority="evil.test"),
        "an authority with a user": request(authority=f"a@{DOMAIN}"),
        "an authority with a line": request(authority=f"{DOMAIN}{CRLF}x-evil: 1"),
        "a pseudo-header of a response": request((":status", "200")),
        "an unknown pseudo-header": request((":evil", "1")),
        "a field in capitals": request(("X-Upper", "1")),
    }
)
SPLITTING = refused(
    {
        "a line in a value": request(("x-a", f"b{CRLF}x-evil: 1")),
        "a line feed in a value": request(("x-a", "b\nx-evil: 1")),
        "a NUL in a value": request(("x-a", "b\0c")),
        "a line in a name": request((f"x-a{CRLF}x-evil", "1")),
        "a colon in a name": request(("x-a: b", "c")),
        "an empty name": request(("", "c")),
        "a line in the path": request(path=f"/TOKEN HTTP/1.1{CRLF}x: y{CRLF}{CRLF}{SMUGGLED}"),
        "a blank in the path": request(path="/TOKEN evil"),
        "a NUL in the path": request(path="/TOKEN\0"),
        "a fragment in the path": request(path="/TOKEN#x"),
        "an empty path": request(path=""),
        "a path without a slash": request(path="TOKEN"),
        "a whole URL": request(path="https://evil.test/TOKEN"),
        "a request in the method": request(method=f"GET / HTTP/1.1{CRLF}{CRLF}{SMUGGLED}GET"),
        "a blank in the method": request(method="GET "),
        "a method in lower case": request(method="get"),
        "a line in the scheme": request(scheme=f"https{CRLF}x-evil: 1"),
        "a URL as scheme": request(scheme="https://evil.test/?"),
    }
)
LENGTHS = (
    Attack("chunks", post(("transfer-encoding", "chunked")), body=f"0\r\n\r\n{SMUGGLED}"),
    Attack("chunks without a body", request(("transfer-encoding", "chunked"))),
    Attack("another encoding", request(("transfer-encoding", "x")), (*REFUSED, 501)),
    Attack("a body beyond its length", post(("content-length", "3")), body=f"abc{SMUGGLED}"),
    Attack("a body below its length", post(("content-length", "300")), body="abc"),
    Attack("a length without a body", request(("content-length", "3"))),
    Attack("two lengths", post(("content-length", "3"), ("content-length", "4")), body="abc"),
    Attack("TRACE", request(method="TRACE"), (405,)),
    Attack("CONNECT", request(method="CONNECT"), (*REFUSED, 405)),
    Attack("a packed body", post(("content-encoding", "gzip")), (415,), body="x"),
)
HARMLESS = passed(
    {
        "connection": request(("connection", "close, x-real-ip")),
        "keep-alive": request(("keep-alive", "timeout=9")),
        "proxy-connection": request(("proxy-connection", "keep-alive")),
        "te": request(("te", "gzip")),
        "upgrade to h2c": request(("connection", "upgrade"), ("upgrade", "h2c")),
        "a blank in a name": request(("x a", "b")),
        "http as scheme": request(scheme="http"),
        "the path last": (*request(leave="path"), ("x-a", "b"), (":path", "/TOKEN")),
        "the host twice": request(("host", DOMAIN)),
    }
)
ALL = (*NAMES, *SPLITTING, *LENGTHS, *HARMLESS)
