"""What holds no bytes, in the place of a file. A restore that writes there waits for ever: for
whoever reads a pipe. An application, and whoever is in it, can make such things in its uploads."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path


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
    for here, _, names in os.walk(place):
        yield from (f"{here}/{name}" for name in names)
