"""What an application may take of a host: connections and memory."""

from pydantic import Field

from roles.core.model import Section


class Budget(Section):
    """What it may take of a host: connections and memory."""

    database_pool: int = Field(
        36,
        ge=10,
        le=50,
        description="Database connections that all processes on one host may hold together;"
        " each gets an equal share. While one release takes over from another both have theirs,"
        " so twice as many must fit into pgbouncer.pool_size.",
    )
    redis_pool: int = Field(
        50,
        ge=1,
        le=1000,
        description="Redis connections that one process may hold. A pool that waits is needed in"
        " the application: one that raises an error fails at this many concurrent requests.",
    )
    memory_share_percent: int = Field(
        50,
        ge=10,
        le=90,
        description="Part of the RAM that all processes together may use, percent. The kernel"
        " enforces it, so a leak never takes the database with it.",
    )
    memory_process_mb: int = Field(
        80,
        ge=16,
        le=65_536,
        description="Memory that one process takes in ordinary work, MiB; each fork is one. While"
        " one release takes over from another both have theirs, so twice all processes must fit"
        " into memory_share_percent; the default number of web processes follows it.",
    )
