"""What makes pyinfra's connection fast, kept in one place because it knows pyinfra's inside."""

from __future__ import annotations

import socket

from pyinfra.api.host import Host


def tune(host: Host) -> None:
    """Send small packets at once on `host`'s SSH connection.

    paramiko leaves Nagle's algorithm on, which holds the last packet of each request back until
    the host has acknowledged the one before: about 40 ms for every command. Connections that are
    not a plain socket (a jump host, a container) are left as they are.
    """
    client = getattr(host.connector, "client", None)
    transport = client.get_transport() if client else None
    sock = getattr(transport, "sock", None)
    if isinstance(sock, socket.socket):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
