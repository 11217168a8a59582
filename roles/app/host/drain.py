"""Waiting until nobody is connected to processes that get no new requests.

The kernel is asked by sock_diag(7), whose answers are numbers and names of a known length. A line
of /proc/net/unix ends with a name that whoever bound the socket has chosen, ends of lines among it:
it could go on with lines that tell of connections to another's sockets.
"""

from __future__ import annotations

import socket
import struct
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

SETTLE = 1.0  # seconds in which Nginx finishes a connect that began before the switch
TABLE = Path("/proc/net/unix")
CONNECTING, CONNECTED = "02", "03"

# linux/sock_diag.h, linux/unix_diag.h, linux/netlink.h
_SOCK_DIAG, _BY_FAMILY, _DUMP = 4, 20, 0x301
_ERROR, _DONE = 2, 3
_ESTABLISHED, _LISTEN = 1, 10
_SHOW_NAME, _SHOW_WAITING = 0x1, 0x10
_NAME, _WAITING = 0, 4
_HEAD, _ATTRIBUTE, _ABOUT = struct.Struct("=IHHII"), struct.Struct("=HH"), struct.Struct("=BBBBIII")
_PATIENCE = 5.0  # seconds for an answer of the kernel, which takes milliseconds


def asked(sockets: Iterable[Path]) -> int:
    """Open connections to `sockets`, and those that wait to be accepted, as the kernel has them."""
    paths = {str(path).encode() for path in sockets}
    try:
        return sum(
            1 if state == _ESTABLISHED else waiting
            for state, name, waiting in _answers()
            if name in paths
        )
    except OSError:  # a kernel that has no such answers
        return connections(
            (Path(path.decode()) for path in paths), TABLE.read_text(errors="replace")
        )


def connections(sockets: Iterable[Path], table: str) -> int:
    """Open connections to `sockets`, from the text of /proc/net/unix."""
    paths = {str(path) for path in sockets}
    count = 0
    for line in table.splitlines():
        fields = line.split(maxsplit=7)
        if len(fields) == 8 and fields[5] in (CONNECTING, CONNECTED) and fields[7] in paths:
            count += 1
    return count


def wait(
    sockets: Iterable[Path],
    longest: float,
    count: Callable[[list[Path]], int] = asked,
    settle: float = SETTLE,
) -> int:
    """Wait until nobody is connected, at most `longest` seconds. Connections that are left."""
    sockets = list(sockets)
    end = time.monotonic() + longest
    time.sleep(settle)
    while (left := count(sockets)) and time.monotonic() < end:
        time.sleep(0.1)
    return left


def _answers() -> Iterator[tuple[int, bytes, int]]:
    """State and name of each stream socket that is connected or listens, and how many wait there.
    Raises OSError."""
    states, shown = 1 << _ESTABLISHED | 1 << _LISTEN, _SHOW_NAME | _SHOW_WAITING
    wish = struct.pack("=BBHIIIII", socket.AF_UNIX, 0, 0, states, 0, shown, 0, 0)
    with socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _SOCK_DIAG) as kernel:
        kernel.settimeout(_PATIENCE)
        kernel.bind((0, 0))
        kernel.send(_HEAD.pack(_HEAD.size + len(wish), _BY_FAMILY, _DUMP, 1, 0) + wish)
        while True:
            text = kernel.recv(1 << 20)
            while text:
                size, kind, *_ = _HEAD.unpack_from(text)
                if kind == _DONE:
                    return
                if kind == _ERROR:
                    raise OSError(-struct.unpack_from("=i", text, _HEAD.size)[0], "sock_diag")
                yield _read(text[_HEAD.size : size])
                text = text[_aligned(size) :]


def _read(message: bytes) -> tuple[int, bytes, int]:
    _, _, state, *_ = _ABOUT.unpack_from(message)
    name, waiting, at = b"", 0, _ABOUT.size
    while at + _ATTRIBUTE.size <= len(message):
        size, kind = _ATTRIBUTE.unpack_from(message, at)
        value = message[at + _ATTRIBUTE.size : at + size]
        if kind == _NAME:
            name = value.removesuffix(b"\0")
        elif kind == _WAITING and state == _LISTEN:
            waiting = struct.unpack_from("=I", value)[0]
        at += _aligned(size)
    return state, name, waiting


def _aligned(size: int) -> int:
    return max((size + 3) & ~3, _ATTRIBUTE.size)
