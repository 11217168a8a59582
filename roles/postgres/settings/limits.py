"""How long things may take, and what is logged."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from roles.core.model import Section


class Limits(Section):
    """Timeouts, and what is written down of what is slow."""

    statement_timeout_seconds: int = Field(
        60,
        ge=0,
        le=86_400,
        description="Statements of the application and of every further role end after this,"
        " seconds; 0 is never. Superusers have no limit: maintenance and backups take their time.",
    )
    lock_timeout_seconds: int = Field(
        10,
        ge=0,
        le=86_400,
        description="Waiting for a lock ends after this, seconds; 0 is never. Less than what a"
        " request may take, so that a migration that waits fails before its queue does.",
    )
    idle_in_transaction_timeout_seconds: int = Field(
        60,
        ge=0,
        le=86_400,
        description="A session that leaves its transaction open is ended after this, seconds; 0 is"
        " never. It holds locks and keeps VACUUM from its work.",
    )
    slow_query_ms: int = Field(
        500,
        ge=-1,
        le=3_600_000,
        description="Statements slower than this are logged, milliseconds; -1 is never.",
    )
    log_statements: Literal["none", "ddl", "mod", "all"] = Field(
        "ddl", description="Statements that are logged however fast they are."
    )
    log_temporary_mb: int = Field(
        10, ge=0, le=100_000, description="Sorts that spill more than this to disk are logged, MiB."
    )
    log_autovacuum_seconds: int = Field(
        10, ge=0, le=86_400, description="Automatic vacuums slower than this are logged, seconds."
    )
    statistics_statements: int = Field(
        5000,
        ge=100,
        le=100_000,
        description="Distinct statements that pg_stat_statements remembers. Takes a restart.",
    )
