"""Which TCP ports the processes of a unit listen on, for who looks for them on their socket."""

from __future__ import annotations

import socket
import struct
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path

from .trees import PROC, members

LISTENS = "0A"


Address = IPv4Address | IPv6Address


def places(units: Iterable[str]) -> list[tuple[Address, int]]:
    """Addresses and TCP ports that processes of any of `units` listen on."""
    inodes: set[str] = set()
    for _, process in members(units):
        try:
            inodes |= set(filter(None, map(_link, (process / "fd").iterdir())))
        except OSError:
            continue  # it has ended
    found = {(address, port) for address, port, at in _listening() if f"socket:[{at}]" in inodes}
    return sorted(found, key=lambda place: (place[1], str(place[0])))


def _link(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:
        return ""  # closed meanwhile


def _listening() -> Iterable[tuple[Address, int, str]]:
    for table in ("tcp", "tcp6"):
        try:
            lines = (PROC / "net" / table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if fields[3] == LISTENS:
                address, _, port = fields[1].rpartition(":")
                yield decoded(address), int(port, 16), fields[9]


def decoded(text: str) -> Address:
    """An address as the kernel's table has it: words of four bytes, each in the machine's order."""
    words = (int(text[i : i + 8], 16) for i in range(0, len(text), 8))
    raw = b"".join(struct.pack("=I", word) for word in words)
    form = socket.AF_INET if len(raw) == 4 else socket.AF_INET6
    found = ip_address(socket.inet_ntop(form, raw))
    return getattr(found, "ipv4_mapped", None) or found


def instead(listen: str, found: list[tuple[Address, int]]) -> str:
    """What to do about web processes that listen on the places `found`, and not where they are
    asked (`listen`: socket or port). Empty when they listen on none."""
    if not found:
        return ""
    ports = sorted({port for _, port in found})
    seen = f"it listens on the TCP port {', '.join(map(str, ports))}"
    outside = [f"{a}:{port}" for a, port in found if not (a.is_loopback or a.is_unspecified)]
    if listen != "socket" and len(outside) == len(found):
        return (
            f"it listens on {', '.join(outside)} alone, where nobody asks it: have it listen on the"
            " address 127.0.0.1, from which visitors' requests come, and on the port in PORT"
        )
    if listen == "socket":
        return (
            f'{seen} and not on its socket: set app.web.listen = "port" if it reads PORT by itself;'
            " else have its command name $PORT in the place of a port, or have it listen on the"
            " path in SOCKET"
        )
    return (
        f'{seen}: with app.web.listen = "port" each process has a port of its own, the number in'
        " PORT; have it listen there"
    )
