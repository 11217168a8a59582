"""What a site of several on a host says, asked by its address: its certificate is nobody's."""

from __future__ import annotations

import http.client
import socket
import ssl


def asked(ip: str, name: str, path: str = "/") -> str:
    """Status and body of https://`name``path` at `ip`."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    raw = socket.create_connection((ip, 443), timeout=10)
    with raw, context.wrap_socket(raw, server_hostname=name) as stream:
        lines = f"GET {path} HTTP/1.1\r\nHost: {name}\r\nConnection: close\r\n\r\n"
        stream.sendall(lines.encode())
        answer = http.client.HTTPResponse(stream)
        answer.begin()
        return f"{answer.status} {answer.read().decode().strip()}"
