"""What makes the connection fast, and what comes over it harmless; it knows pyinfra's inside."""

from __future__ import annotations

import socket

from pyinfra.api.host import Host

from . import terminal


def tune(host: Host) -> None:
    """Send small packets at once on `host`'s SSH connection.

    paramiko leaves Nagle's algorithm on, which holds the last packet of each request back until
    the host has acknowledged the one before: about 40 ms for every command. Connections that are
    not a plain socket (a jump host, a container) are left as they are. What the host says is shown
    as terminal.py has it.
    """
    terminal.protect()
    client = getattr(host.connector, "client", None)
    transport = client.get_transport() if client else None
    sock = getattr(transport, "sock", None)
    if isinstance(sock, socket.socket):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _notice(sock)


SILENCE = 20  # seconds without a sign of the host, after which it is taken for lost
ASKED = 5  # seconds between two questions whether it is there


def _notice(sock: socket.socket) -> None:
    """End the connection soon after the other side has gone: by itself TCP waits for minutes."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for option, value in (
        ("TCP_USER_TIMEOUT", SILENCE * 1000),  # ms; not on every system
        ("TCP_KEEPIDLE", ASKED),
        ("TCP_KEEPINTVL", ASKED),
        ("TCP_KEEPCNT", SILENCE // ASKED),
    ):
        if name := getattr(socket, option, None):
            sock.setsockopt(socket.IPPROTO_TCP, name, value)
