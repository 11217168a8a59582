"""A visitor of the site who reaches one host by its address and repeats nothing."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass

TIMEOUT = 10  # seconds for a word of one answer
WHOLE = 20  # seconds for all of it: who sends a byte now and then would keep a report for ever
LONGEST = 4 * 2**20  # bytes of a body that are read
AGENT = "readyhost-report"


@dataclass(frozen=True)
class Answer:
    """headers: by their names in lower case, joined as HTTP joins them."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Refused(ValueError):
    """Nothing can be seen from here, good or bad."""


@dataclass(frozen=True)
class Visitor:
    """domain: what is asked for. address: whom. behind: whether the host lets nobody but a CDN in
    (nginx.origin)."""

    domain: str
    address: str
    behind: bool = False

    def ask(self, path: str, method: str = "GET", *, plain: bool = False, **headers: str) -> Answer:
        """One request on a new connection. headers: `accept_encoding` is Accept-Encoding.

        Raises OSError or http.client.HTTPException when there is no answer, Refused for the 403 of
        a host behind a CDN, by which it would say of each page that it is none.
        """
        stream = socket.create_connection((self.address, 80 if plain else 443), TIMEOUT)
        with _ending(stream):
            try:
                if not plain:
                    stream = lenient().wrap_socket(stream, server_hostname=self.domain)
                connection = http.client.HTTPConnection(self.domain, timeout=TIMEOUT)
                connection.sock = stream
                named = {name.replace("_", "-"): value for name, value in headers.items()}
                connection.request(method, path, headers={"User-Agent": AGENT, **named})
                answer = connection.getresponse()
                body = answer.read(LONGEST)
            finally:
                stream.close()
        found: dict[str, str] = {}
        for name, value in answer.getheaders():
            key = name.lower()
            found[key] = f"{found[key]}, {value}" if key in found else value
        if self.behind and answer.status == http.client.FORBIDDEN:
            raise Refused("nginx.origin refuses this machine; nginx.origin.allow lets it look")
        return Answer(answer.status, found, body)


@contextmanager
def _ending(stream: socket.socket) -> Iterator[None]:
    """The connection is ended after WHOLE; then the body's end is a TimeoutError."""
    late = threading.Event()
    same = stream.dup()  # the stream itself is TLS' to shut down

    def end() -> None:
        late.set()
        with suppress(OSError):
            same.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(WHOLE, end)
    timer.daemon = True
    timer.start()
    try:
        yield
    except (OSError, http.client.HTTPException):
        if not late.is_set():
            raise
    finally:
        timer.cancel()
        same.close()
    if late.is_set():
        raise TimeoutError(f"not over after {WHOLE} s")


def lenient() -> ssl.SSLContext:
    """Whether the certificate is trusted is one question (tls.py), what is answered others."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
