"""Where the lines of `logs` come from: the journal of all of an application's units, and Nginx."""

from __future__ import annotations

import gzip
import heapq
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ..layout import Layout
from . import lines

NGINX = Path("/var/log/nginx")
BUFFERED = 10_000  # each of Nginx's workers writes its lines when its own buffer is full or due
ACCESS, ERROR = "access.log", "error.log"


def past(layout: Layout, begin: float) -> list[Iterator[str]]:
    """Lines since `begin` (seconds of the epoch), each iterator in its own order of time."""
    first = lines.stamp(begin)
    found = [_journal(layout, begin)]
    for name, read in ((ACCESS, lines.access), (ERROR, lines.error)):
        found += [_of_file(path, read, first) for path in _written_since(name, begin)]
    return found


@contextmanager
def coming(layout: Layout) -> Iterator[dict[int, lines.Reader]]:
    """How to read each stream of lines that come from now on, by its descriptor."""
    commands = {
        (*_journalctl(layout), "-f", "-n0"): lines.journal,
        ("tail", "-qFn0", str(NGINX / ACCESS)): lines.access,
        ("tail", "-qFn0", str(NGINX / ERROR)): lines.error,
    }
    running: list[subprocess.Popen[bytes]] = []
    try:
        streams: dict[int, lines.Reader] = {}
        for command, read in commands.items():
            process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
            running.append(process)
            assert process.stdout  # noqa: S101 - for the type checker
            streams[process.stdout.fileno()] = read
        yield streams
    finally:
        for process in running:
            process.kill()
            process.wait()


def _journalctl(layout: Layout) -> list[str]:
    return ["journalctl", "-q", "-o", "json", "-a", f"--unit={layout.name}-*"]


def _journal(layout: Layout, begin: float) -> Iterator[str]:
    command = [*_journalctl(layout), f"--since=@{begin:.0f}"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        try:
            yield from lines.each(lines.journal, process.stdout or ())
        finally:
            process.kill()


def _written_since(name: str, begin: float) -> list[Path]:
    """A log and what it was rotated to, as far back as it takes."""
    paths = [path for path in NGINX.glob(f"{name}*") if path.is_file()]
    return [path for path in paths if path.stat().st_mtime >= begin]


def _of_file(path: Path, read: lines.Reader, first: str) -> Iterator[str]:
    with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as file:
        raw = (line.rstrip(b"\n") for line in file)
        yield from _sorted(_since(lines.each(read, raw), first))


def _sorted(found: Iterable[str]) -> Iterator[str]:
    """Lines by time, where none is more than BUFFERED lines late."""
    heap: list[str] = []
    for line in found:
        heapq.heappush(heap, line)
        if len(heap) > BUFFERED:
            yield heapq.heappop(heap)
    while heap:
        yield heapq.heappop(heap)


def _since(found: Iterable[str], first: str) -> Iterator[str]:
    # Nginx has whole seconds, and `first` has not.
    return (line for line in found if line[:19] >= first[:19])
