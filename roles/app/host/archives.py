"""Archives of commits that wait on the host to be built: none outlives what it was sent for."""

from __future__ import annotations

import base64
import os
import time
from pathlib import Path
from typing import IO

from .layout import Layout

# Seconds after which whoever sent one is gone: a run waits half an hour for another one's build,
# and that may take as long as a build's own limit.
FORGOTTEN = 86_400


def path(layout: Layout, commit: str) -> Path:
    """Where the archive of a commit waits."""
    return layout.archives / f"{commit}.tar.gz"


def receive(layout: Layout, commit: str, sent: IO[bytes]) -> None:
    """Take the archive that comes in base64. It is there as a whole, or not."""
    target = path(layout, commit)
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with beside.open("wb") as file:
            base64.decode(sent, file)
            os.fsync(file.fileno())
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def sweep(layout: Layout, commit: str, since: float) -> None:
    """Remove the archive of a commit, built or not: the next run sends it again. One that came
    after `since` (seconds of the epoch) is of a run that waits for this one and stays; so do others
    that may have somebody who waits with them."""
    now = time.time()
    for found in layout.archives.iterdir() if layout.archives.is_dir() else ():
        try:
            came = found.lstat().st_mtime
        except FileNotFoundError:  # a run that receives has put it in its place
            continue
        if came < now - FORGOTTEN or (found == path(layout, commit) and came <= since):
            found.unlink(missing_ok=True)
