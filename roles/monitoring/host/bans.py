"""How many addresses fail2ban shuts out now, by jail: from its own database."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .configuration import Configuration
from .exposition import Sample

DATABASE = Path("/var/lib/fail2ban/fail2ban.sqlite3")
ASKED = """SELECT name, (SELECT count(*) FROM bips WHERE jail = name
  AND (bantime < 0 OR timeofban + bantime > ?)) FROM jails WHERE enabled"""


def look(_: Configuration, __: dict[str, Any], file: Path = DATABASE) -> Iterator[Sample]:
    if not file.exists():
        return
    # Nothing of it is written, so no lock of its is needed either.
    known = sqlite3.connect(f"file:{file}?mode=ro&immutable=1", uri=True)
    try:
        rows = known.execute(ASKED, (int(time.time()),)).fetchall()
    except sqlite3.Error as error:  # half-way through a change
        raise ValueError(str(error)) from None
    finally:
        known.close()
    for jail, count in rows:
        yield Sample("readyhost_banned", count, {"jail": str(jail)})
