"""Servers of the tests on this machine."""

from __future__ import annotations

import subprocess
from pathlib import Path


def started(folder: Path, *command: str) -> subprocess.Popen[bytes]:
    """A server that writes to the end of `folder`/log, and that ends with the tests also when those
    are ended by a signal."""
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            ["setpriv", "--pdeathsig", "KILL", *command], stdout=log, stderr=log
        )
