"""What is brought back."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from roles.core.model import Section

from .patterns import HostPath


class Restore(Section):
    """What restore.py brings back. Said with --data, never kept in a file."""

    what: Literal["database", "dump", "files", "redis", "all", "upgrade"] = Field(
        "database",
        description="database: all of it, as it was at a moment. dump: one database or table from"
        " the daily dump. files: uploads and other paths. redis: its snapshot, where backup.redis"
        " is set. all: everything, for a new host. upgrade: everything, for a new host with another"
        " version of PostgreSQL; its databases from their newest dumps.",
    )
    to: str = Field(
        "latest",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._:+@-]{0,62}$",
        description="The moment: latest, a time in UTC such as 2026-01-31 12:00:00, or the name of"
        " a point such as release-v1.2.0.",
    )
    source: Literal["local", "offsite", "mirror"] = Field(
        "local", description="Which copy it is taken from."
    )
    database: str | None = Field(
        None,
        pattern=r"^[A-Za-z_][A-Za-z0-9_-]*$",
        description="Database of a dump. The application's when not set.",
    )
    table: str | None = Field(
        None,
        pattern=r"^[A-Za-z_][A-Za-z0-9_.]*$",
        description="Table whose rows alone are taken from the dump, such as public.orders.",
    )
    paths: tuple[HostPath, ...] = Field(
        (), description="Files or directories that alone are restored. All when empty."
    )
