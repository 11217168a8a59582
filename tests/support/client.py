"""An HTTP client that hides nothing: no retry, no redirect, every header as it came."""

from __future__ import annotations

import http.client
import json
import socket
import ssl
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answer:
    """A response; `headers` are name (lower case) and value, in order, repeated ones too."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def all(self, name: str) -> list[str]:
        return [value for key, value in self.headers if key == name.lower()]

    def header(self, name: str) -> str:
        """The one value of a header; fails when there is none or more than one."""
        (value,) = self.all(name)
        return value

    def json(self) -> Any:
        return json.loads(self.body)


@dataclass
class Server:
    """Where to ask: the address and ports of a host that serves `domain`."""

    domain: str
    address: str
    https_port: int = 443
    http_port: int = 80
    protocols: tuple[str, ...] = ("http/1.1",)

    def connect(
        self, *, source: str = "", tls: bool = True, name: str | None = None, timeout: float = 10
    ) -> socket.socket:
        """A connection from the address `source`; with TLS, for the server name `name`."""
        port = self.https_port if tls else self.http_port
        plain = socket.create_connection(
            (self.address, port), timeout, source_address=(source, 0) if source else None
        )
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # as browsers do
        if not tls:
            return plain
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.set_alpn_protocols(list(self.protocols))
        return context.wrap_socket(plain, server_hostname=self.domain if name is None else name)

    def ask(
        self,
        path: str,
        method: str = "GET",
        *,
        headers: dict[str, str] | None = None,
        body: bytes | None = None,
        host: str | None = None,
        source: str = "",
        tls: bool = True,
        timeout: float = 10,
    ) -> Answer:
        """One request on a connection of its own."""
        host = host or self.domain
        connection = http.client.HTTPConnection(self.address)
        connection.sock = self.connect(source=source, tls=tls, name=host, timeout=timeout)
        try:
            connection.request(
                method, path, body, {"Host": host, "Connection": "close", **(headers or {})}
            )
            response = connection.getresponse()
            found = tuple((name.lower(), value) for name, value in response.getheaders())
            return Answer(response.status, found, response.read())
        finally:
            connection.close()

    def raw(self, data: bytes, *, source: str = "", tls: bool = True, timeout: float = 10) -> bytes:
        """Send bytes as they are; out: all that comes back until the connection ends."""
        with self.connect(source=source, tls=tls, timeout=timeout) as connection:
            connection.sendall(data)
            return receive(connection)


def receive(connection: socket.socket) -> bytes:
    """All that arrives until the other side closes, however rudely."""
    found = b""
    try:
        while piece := connection.recv(65536):
            found += piece
    except (ConnectionError, ssl.SSLError):
        pass
    return found
