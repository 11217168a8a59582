"""When the jobs run."""

from __future__ import annotations

from pydantic import Field

from roles.core.model import Schedule, Section


class Schedules(Section):
    """When each job begins, and how long it may take."""

    full_schedule: Schedule = Field(
        "10 2 * * 0", description="When a full backup is made, as cron says it: Sundays."
    )
    differential_schedule: Schedule = Field(
        "10 2 * * 1-6",
        description="When what changed since the full one is backed up, as cron says it: daily.",
    )
    files_schedule: Schedule = Field(
        "10 3 * * *", description="When files are backed up, as cron says it: daily."
    )
    dump_schedule: Schedule = Field(
        "40 3 * * *", description="When each database is dumped, as cron says it: daily."
    )
    drill_schedule: Schedule = Field(
        "40 4 * * 3", description="When the restore is rehearsed, as cron says it: Wednesdays."
    )
    watch_minutes: int = Field(
        10,
        ge=1,
        le=59,
        description="How often the age of the backups and the archive's queue are looked at,"
        " minutes.",
    )
    jitter_seconds: int = Field(
        900,
        ge=0,
        le=3600,
        description="A job starts up to so much later, at random, seconds: many hosts must not"
        " meet at one storage.",
    )
    deadline_minutes: int = Field(
        360,
        ge=1,
        le=1440,
        description="A job that takes longer has failed and is ended, minutes.",
    )
