"""What holds no bytes, in the place of a file. A restore that writes there waits for ever: for
whoever reads a pipe. An application, and whoever is in it, can make such things in its uploads."""

from __future__ import annotations

import os
import signal
import stat
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from roles.core.host.walk import walk

from .errors import BackupError

LOOK = 1.0  # seconds between two looks at who waits
PATIENCE = 3  # looks: a pipe with a reader is waited for no longer than a moment
WAITS = ("wait_for_partner", "fifo_open")  # where the kernel has who opens a pipe that nobody reads


def removed(wanted: Iterable[str], folders: Iterable[str]) -> list[str]:
    """Remove pipes and sockets from what is `wanted` of `folders`; where they were. They are no
    one's data: what a backup has of them is made anew."""
    found = []
    for place in within(wanted, folders):
        for path in _below(place):
            with suppress(OSError):  # it has gone
                mode = os.lstat(path).st_mode
                if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
                    Path(path).unlink()
                    found.append(path)
    return found


def within(wanted: Iterable[str], folders: Iterable[str]) -> set[str]:
    """The places that are in one of `wanted` and in one of `folders`.

    >>> sorted(within(["/srv/a/x", "/srv/b"], ["/srv/a", "/srv/b/u", "/srv/c"]))
    ['/srv/a/x', '/srv/b/u']
    """
    chosen = [(Path(path), Path(folder)) for path in wanted for folder in folders]
    inner = ((path, folder) if folder in (path, *path.parents) else (folder, path)
             for path, folder in chosen)  # fmt: skip
    return {str(lower) for lower, upper in inner if upper in (lower, *lower.parents)}


def _below(place: str) -> Iterator[str]:
    yield place
    for here, _, names in walk(place):
        yield from (f"{here}/{name}" for name in names)


@contextmanager
def ended() -> Iterator[None]:
    """End what this process has started where it waits for a pipe: one may be put in the place of a
    file at any moment, also after all were removed. Raises BackupError then."""
    over, found = threading.Event(), list[str]()
    looks: dict[str, int] = {}

    def look() -> None:
        while not over.wait(LOOK):
            waiting = {child for child in _children() if _waits(child)}
            for child in waiting:
                looks[child] = looks.get(child, 0) + 1
                if looks[child] >= PATIENCE:
                    found.append(child)
                    with suppress(ProcessLookupError):
                        os.kill(int(child), signal.SIGKILL)
            for child in set(looks) - waiting:
                del looks[child]

    watch = threading.Thread(target=look, daemon=True)
    watch.start()
    try:
        yield
    except BackupError as error:
        if found:
            raise BackupError(
                "a pipe was put in the place of a file while it was restored: the application does"
                " that. Stop it, and restore again"
            ) from error
        raise
    finally:
        over.set()
        watch.join()


def _children() -> set[str]:
    found = set[str]()
    for task in Path("/proc/self/task").glob("*/children"):
        with suppress(OSError):
            found |= set(task.read_text().split())
    return found


def _waits(process: str) -> bool:
    for task in Path(f"/proc/{process}/task").glob("*/wchan"):
        with suppress(OSError):
            if task.read_text() in WAITS:
                return True
    return False
