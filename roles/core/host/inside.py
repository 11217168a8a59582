"""Files in a folder of others, read with no link on the way: they could be put there at any moment,
also between a look and the opening."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW


def read(folder: Path, path: Path) -> bytes:
    """Content of the file `path` below `folder`. Raises OSError, also for a link on the way from
    there, and for what is no ordinary file."""
    *way, name = path.relative_to(folder).parts
    place = os.open(folder, _FOLDER)
    try:
        for part in way:
            inner = os.open(part, _FOLDER, dir_fd=place)
            os.close(place)
            place = inner
        file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=place)
    finally:
        os.close(place)
    with os.fdopen(file, "rb") as stream:
        if not stat.S_ISREG(os.fstat(file).st_mode):
            raise OSError(errno.EINVAL, "no ordinary file", str(path))
        return stream.read()
