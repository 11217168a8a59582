"""The write-ahead log, vacuum and indexes."""

from __future__ import annotations

from pydantic import Field, model_validator

from roles.core.model import Schedule, Section


class Maintenance(Section):
    """What keeps the server fast over the years."""

    min_wal_mb: int = Field(
        1024,
        ge=80,
        le=1_048_576,
        description="Write-ahead log kept for reuse, MiB (pgtune, web: 1 GiB).",
    )
    max_wal_mb: int = Field(
        4096,
        ge=160,
        le=1_048_576,
        description="Write-ahead log that forces a checkpoint, MiB (pgtune, web: 4 GiB). Disk space"
        " for twice of it should be free.",
    )
    checkpoint_minutes: int = Field(
        15,
        ge=1,
        le=1440,
        description="Time between checkpoints, minutes. Longer writes less, and recovers longer"
        " after a crash.",
    )
    autovacuum_percent: int = Field(
        5,
        ge=1,
        le=100,
        description="Dead rows of a table that start its vacuum, percent. PostgreSQL's 20 is too"
        " late for a large table.",
    )
    autoanalyze_percent: int = Field(
        2,
        ge=1,
        le=100,
        description="Changed rows of a table that renew its statistics, percent.",
    )
    autovacuum_cost_limit: int = Field(
        1000,
        ge=200,
        le=10_000,
        description="Work that vacuum does between two rests, cost units. PostgreSQL's 200 is from"
        " the days of spinning disks.",
    )

    vacuum_schedule: Schedule = Field(
        "30 3 * * 0",
        description="When all databases are vacuumed and analysed: a cron schedule, host's time.",
    )
    index_schedule: Schedule = Field(
        "30 4 1 * *",
        description="When bloated indexes are rebuilt and sequential scans reported: a cron"
        " schedule, host's time.",
    )
    index_bloat_percent: int = Field(
        30,
        ge=10,
        le=90,
        description="Unused space in an index that gets it rebuilt, percent. A new index has 10.",
    )
    index_min_mb: int = Field(
        1, ge=0, le=1_048_576, description="Indexes smaller than this are left alone, MiB."
    )
    maintenance_hours: int = Field(
        6,
        ge=1,
        le=168,
        description="The vacuum of one table, or the rebuilding of one index, is given up after"
        " this, hours, and the next one's turn comes. What an index calls may never return.",
    )
    scan_min_mb: int = Field(
        100,
        ge=0,
        le=1_048_576,
        description="Tables larger than this that are read by sequential scans are reported, MiB.",
    )

    @model_validator(mode="after")
    def _log_fits(self) -> Maintenance:
        if self.min_wal_mb >= self.max_wal_mb:
            raise ValueError("min_wal_mb must be less than max_wal_mb")
        return self
