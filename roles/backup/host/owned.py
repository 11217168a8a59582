"""What is done in postgres' folders is done as postgres: root would follow the links that it can
put there. Links of its own are of use there (tablespaces), so they are not closed as others' are
(beneath.py)."""

from __future__ import annotations

from pathlib import Path

from .process import attempt, run
from .server import USER

# mv would copy where a rename can't be made.
RENAME = "import os, sys; os.rename(*sys.argv[1:])"


def make(folder: Path) -> None:
    """Make a folder for postgres alone. Raises BackupError, also when it is there."""
    run(["mkdir", "-m", "700", "--", str(folder)], user=USER)


def rename(path: Path, to: Path) -> None:
    """Give a file or a folder another name. Raises BackupError."""
    run(["python3", "-I", "-c", RENAME, str(path), str(to)], user=USER)


def write(path: Path, text: str) -> None:
    """Write a file. Raises BackupError."""
    run(["tee", "--", str(path)], user=USER, stdin=text)


def read(path: Path, since: int = 0) -> str:
    """A log's text from byte `since` on; nothing when postgres can't read it."""
    return attempt(["tail", "-c", f"+{since + 1}", "--", str(path)], user=USER).stdout or ""


def remove(folder: Path) -> None:
    """Remove a folder and all that is in it, if it is there. Raises BackupError."""
    run(["rm", "-rf", "--one-file-system", "--", str(folder)], user=USER)
