"""From where on a figure is an alert."""

from __future__ import annotations

from pydantic import Field

from roles.core.model import Section


def _percent(default: int, description: str) -> int:
    value: int = Field(default, ge=1, le=100, description=description)
    return value


class Limits(Section):
    """From where on a figure is an alert. The defaults are where a host should be made larger, or
    the application better, while there is time for it."""

    cpu_percent: int = _percent(
        70, "Of all cores, percent. Above it the waiting times rise steeply."
    )
    memory_percent: int = _percent(
        80, "Of RAM that is not to be had, percent. What is left is the page cache, and a release."
    )
    disk_percent: int = _percent(
        75, "Of a filesystem, percent. A quarter is what a backup and two releases may take."
    )
    disk_full_hours: int = Field(
        24, ge=1, le=168, description="A disk that is full within so long, as it fills now, hours."
    )
    inodes_percent: int = _percent(75, "Of a filesystem's inodes, percent.")
    steal_percent: int = _percent(
        10, "Of CPU time that the provider gives to others, percent. It is paid for."
    )
    connections_percent: int = _percent(
        80, "Of postgres.max_connections, percent: 40 of 50. The rest is for a release and people."
    )
    p95_ms: int = Field(
        500, ge=1, le=60_000, description="95 of 100 requests are answered within this, ms."
    )
    slow_percent: int = _percent(
        1, "Of requests that took longer than a second, percent. Visitors notice a second."
    )
    errors_percent: int = _percent(1, "Of requests that were answered with 5xx, percent.")
    requests: int = Field(
        50,
        ge=1,
        le=100_000,
        description="Fewer requests than this in alerts.window_seconds have no share and no"
        " percentile that tells anything: one error of three is no 33 %.",
    )
    waiting_clients: int = Field(
        5,
        ge=1,
        le=10_000,
        description="Clients that wait for a connection of PgBouncer. A few do so for a moment.",
    )
    redis_memory_percent: int = _percent(90, "Of redis.maxmemory_mb, percent.")
    evictions_a_minute: int = Field(
        60,
        ge=1,
        le=1_000_000,
        description="Keys a minute that Redis gave up for room. A cache does so; many are a cache"
        " that is too small, or lost jobs.",
    )
    certificate_days: int = Field(
        14,
        ge=1,
        le=60,
        description="A certificate that ends within so long, days. It is renewed 30 days before.",
    )
    backup_hours: int = Field(
        30,
        ge=1,
        le=336,
        description="A backup that is older, hours: a daily one that failed once, and six hours.",
    )
    drill_days: int = Field(
        9, ge=1, le=400, description="A restore drill that is older, days: a weekly one, and two."
    )
    restarts: int = Field(
        3, ge=1, le=1000, description="Restarts of a process within an hour that nobody asked for."
    )
    replica_lag_seconds: int = Field(
        60, ge=1, le=86_400, description="How far a replica may be behind, seconds."
    )
    reboot_days: int = Field(
        7, ge=1, le=90, description="A reboot may wait so long, days; the kernel's fixes with it."
    )
    upgrade_days: int = Field(
        3, ge=1, le=90, description="A security upgrade may wait so long, days. They are daily."
    )
    runtime_days: int = Field(
        90, ge=1, le=1000, description="A runtime or system that gets no fixes after so long, days."
    )
    rolled_back_hours: int = Field(
        6,
        ge=1,
        le=168,
        description="A release that was rolled back is reported for so long, hours.",
    )
    busy_hours: int = Field(
        6,
        ge=1,
        le=72,
        description="A release, backup or drill that runs longer is stuck, hours. Till then it"
        " explains some alerts.",
    )
    facts_minutes: int = Field(
        15, ge=2, le=1440, description="The host's own facts are that old at most, minutes."
    )
    sending_minutes: int = Field(
        10,
        ge=1,
        le=120,
        description="What is measured arrives elsewhere (monitoring.remote_write) that late at"
        " most, minutes. Prometheus keeps about two hours for a server that is away.",
    )
