"""What backups may take from the live service."""

from __future__ import annotations

from pydantic import Field

from roles.core.model import Section


class JobLimits(Section):
    """The most that a job takes of processors, memory and disk."""

    processes: int | None = Field(
        None,
        ge=1,
        le=64,
        description="Processes that compress and send, number. Computed when not set: half of the"
        " cores, from 1 to 4.",
    )
    compression_level: int = Field(
        3, ge=1, le=19, description="Level of Zstandard; above 6 it costs more than it saves."
    )
    cpu_percent: int = Field(
        25,
        ge=5,
        le=800,
        description="Most that a job takes of the processors, % of one core. At 25 a gigabyte took"
        " 41 s, at 50 a third of that, and users noticed more (docs/performance.md).",
    )
    cpu_period_ms: int = Field(
        10,
        ge=1,
        le=1000,
        description="Length of the periods in which that share is dealt, milliseconds. As long as a"
        " request takes, so that none waits behind a whole burst of the usual 100.",
    )
    memory_mb: int = Field(
        1024, ge=256, le=65_536, description="Most memory that a job takes, MiB."
    )
    hollow_gb: int = Field(
        20,
        ge=1,
        le=1_048_576,
        description="Most that is read of each folder of files without being on the disk, GiB:"
        " holes in files, and further names of one. Files beyond it are named and left out, the job"
        " has failed. Reading so much takes a quarter of an hour at cpu_percent = 25. A file"
        " system that compresses needs more.",
    )
    disk_reserve_percent: int = Field(
        10,
        ge=1,
        le=50,
        description="A drill does not start, and the watch warns, when less than this is free on"
        " the disk, %.",
    )
