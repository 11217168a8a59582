"""From the number of clients to connections and open files."""

from dataclasses import dataclass

from roles.core.machine import Machine

from .settings import Nginx

SPARE = 512  # listening sockets, idle connections, a reload's old workers
SESSION = 1024  # logs, certificates, libraries, and whatever is open for a moment


@dataclass(frozen=True)
class Capacity:
    """workers: processes. connections: for each of them. open_files: for each of them."""

    workers: int
    connections: int
    open_files: int


def capacity(settings: Nginx, machine: Machine) -> Capacity:
    """What `settings.clients` takes on `machine`.

    A client whose request is with the application holds two connections, one to each side. The
    kernel does not spread connections evenly, so each worker can carry all of them. A connection is
    a file, and a response that is waiting for a slow client may be a second one.
    """
    connections = 2
    while connections < 2 * settings.clients + SPARE:
        connections *= 2
    open_files = 2 * connections + SESSION
    return Capacity(
        workers=settings.workers or machine.cores,
        connections=connections,
        open_files=min(open_files, machine.open_files),
    )
