"""Restore points: moments with a name, one before every release's migrations."""

from __future__ import annotations

import re
import time
from typing import Any

from roles.core.host import journal

from .configuration import STATE, Configuration
from .errors import BackupError
from .server import sql

FILE = STATE / "points.jsonl"
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+@-]{0,62}")


def make(configuration: Configuration, name: str) -> None:
    """Make a restore point. A name that is used again means the later one."""
    if not NAME.fullmatch(name):
        raise BackupError(f"{name!r} is no name: letters, digits and ._+@- only, at most 63")
    place = sql(configuration.cluster, f"SELECT pg_create_restore_point('{name}');")
    journal.append(FILE, {"name": name, "time": time.time(), "place": place})
    print(f"point {name} at {place}")


def known() -> dict[str, dict[str, Any]]:
    """The points that were made here, by name."""
    return {each["name"]: each for each in journal.read(FILE)}
