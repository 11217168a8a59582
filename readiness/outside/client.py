"""A visitor of the site who reaches one host by its address and repeats nothing."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass

TIMEOUT = 10  # seconds for one answer
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


def lenient() -> ssl.SSLContext:
    """Whether the certificate is trusted is one question (tls.py), what is answered others."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
