"""Continuous archiving: what a lost host loses, and what may wait on it."""

from __future__ import annotations

from pydantic import Field

from roles.core.model import Section


class Archive(Section):
    """How far the archive may be behind."""

    archive_timeout_seconds: int = Field(
        60,
        ge=10,
        le=3600,
        description="At most so much of the database's work is not archived yet, seconds: what a"
        " lost host loses. PostgreSQL's own value is 5 s less, for the way to the archive.",
    )
    archive_queue_mb: int = Field(
        2048,
        ge=64,
        le=1_048_576,
        description="When so much waits for an archive that can't be reached, it is given up and"
        " not kept any longer, MiB: the disk must not fill. The watch warns at half of it. Then"
        " a gap is in the archive until the next backup.",
    )
    storage_timeout_seconds: int = Field(
        15,
        ge=1,
        le=600,
        description="A storage that says nothing for so long can't be reached, seconds.",
    )
