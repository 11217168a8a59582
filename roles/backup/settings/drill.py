"""What a drill looks at."""

from __future__ import annotations

from pydantic import Field

from roles.core.model import Section


class Drill(Section):
    """How much of what was restored is compared."""

    sample_files: int = Field(
        20,
        ge=1,
        le=1000,
        description="Files whose checksums a backup notes and a drill compares, number.",
    )
    count_mb: int = Field(
        1024,
        ge=0,
        le=1_048_576,
        description="A drill counts the rows of tables up to this size, MiB, and of larger ones"
        " compares the newest key alone: counting reads the whole table.",
    )
