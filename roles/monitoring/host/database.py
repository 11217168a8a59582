"""When a segment of the write-ahead log last was not archived; 0 for never."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from .configuration import Configuration
from .exposition import Sample
from .said import psql

ASKED = """SELECT coalesce(extract(epoch FROM last_failed_time), 0) AS failed
  FROM pg_catalog.pg_stat_archiver"""


def look(configuration: Configuration, _: dict[str, Any]) -> Iterator[Sample]:
    if not configuration.postgres_port:
        return  # it is elsewhere
    told = configuration.session
    rows = psql(configuration.postgres_port, "postgres", "postgres", ASKED, told)
    yield Sample("readyhost_wal_archive_failed_timestamp_seconds", float(rows[0]["failed"]))
