"""What makes the connection fast and proves its use; in one place, it knows pyinfra's inside."""

from __future__ import annotations

import socket

from pyinfra.api import StringCommand
from pyinfra.api.host import Host

from .errors import OperatorError


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


def require_root(host: Host) -> None:
    """Raise OperatorError unless commands can be run as root on `host` without being asked.

    pyinfra would ask for a password and then put it on the host's command lines, where every
    account of the host can read it.
    """
    if not host.data.get("_sudo"):
        return
    # sudo's complaint as it stands would make pyinfra ask for the password.
    ask = 'said=$(sudo -n true 2>&1) || { echo "it said: $said"; exit 1; }'
    allowed, output = host.run_shell_command(StringCommand(ask))
    if not allowed:
        raise OperatorError(
            f"[{host.name}] the account {host.data.ssh_user} may not use sudo without a password"
            f" ({output.stdout.strip()}); allow it on the host, as root:"
            f" echo '{host.data.ssh_user} ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/deploy."
            " Nothing has been changed"
        )
