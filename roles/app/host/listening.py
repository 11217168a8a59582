"""Which TCP ports the processes of a unit listen on, for who looks for them on their socket."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from .trees import PROC, members

LISTENS = "0A"


def ports(units: Iterable[str]) -> list[int]:
    """TCP ports that processes of any of `units` listen on, on whichever address."""
    inodes: set[str] = set()
    for _, process in members(units):
        try:
            inodes |= set(filter(None, map(_link, (process / "fd").iterdir())))
        except OSError:
            continue  # it has ended
    return sorted({port for port, inode in _listening() if f"socket:[{inode}]" in inodes})


def _link(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:
        return ""  # closed meanwhile


def _listening() -> Iterable[tuple[int, str]]:
    for table in ("tcp", "tcp6"):
        try:
            lines = (PROC / "net" / table).read_text().splitlines()[1:]
        except OSError:
            continue
        for line in lines:
            fields = line.split()
            if fields[3] == LISTENS:
                yield int(fields[1].rpartition(":")[2], 16), fields[9]


def instead(listen: str, found: list[int]) -> str:
    """What to do about web processes that listen on the ports `found`, and not where they are
    asked (`listen`: socket or port). Empty when they listen on none."""
    if not found:
        return ""
    seen = f"it listens on the TCP port {', '.join(map(str, found))}"
    if listen == "socket":
        return (
            f'{seen} and not on its socket: set app.web.listen = "port" (a command that names'
            " $PORT needs no setting), or have it listen on the path in SOCKET"
        )
    return (
        f'{seen}: with app.web.listen = "port" each process has a port of its own, the number in'
        " PORT; have it listen there"
    )
