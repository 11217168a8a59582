"""Redis' snapshot, for hosts where it holds more than a cache."""

from __future__ import annotations

import time
from pathlib import Path

from .errors import BackupError
from .process import run

OPERATOR = Path("/etc/redis/operator")
PATIENCE = 600  # seconds that writing the snapshot may take


def snapshot(port: int) -> str:
    """Have Redis write its data down now. Returns the path of the file."""
    since = say(port, "LASTSAVE")
    say(port, "BGSAVE")
    end = time.monotonic() + PATIENCE
    while say(port, "LASTSAVE") == since:
        if time.monotonic() > end:
            raise BackupError("Redis did not write its snapshot in time; see redis-cli INFO")
        time.sleep(1)
    folder, name = (say(port, f"CONFIG GET {key}") for key in ("dir", "dbfilename"))
    return f"{folder}/{name}"


def say(port: int, command: str) -> str:
    """The last line that Redis answers. The password goes through a pipe."""
    script = f"{OPERATOR.read_text().strip()}\n{command}\n"
    lines = run(["redis-cli", "-p", str(port)], stdin=script).splitlines()
    if not lines or "ERR" in lines[-1] or "NOPERM" in lines[-1]:
        raise BackupError(f"Redis: {command}: {lines[-1] if lines else 'no answer'}")
    return lines[-1].strip()
