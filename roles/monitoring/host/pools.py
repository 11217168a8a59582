"""PgBouncer's pools, by the names that its exporter has for them. Its console is behind a socket of
one user: an exporter would need a password, and a second way in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .configuration import Configuration
from .exposition import Sample
from .said import psql

OWN = "pgbouncer"
POOLS = {
    "cl_active": "pgbouncer_pools_client_active_connections",
    "cl_waiting": "pgbouncer_pools_client_waiting_connections",
    "sv_active": "pgbouncer_pools_server_active_connections",
    "sv_idle": "pgbouncer_pools_server_idle_connections",
    "sv_used": "pgbouncer_pools_server_used_connections",
    "maxwait": "pgbouncer_pools_client_maxwait_seconds",
}
STATS = {
    "total_query_count": ("pgbouncer_stats_queries_pooled_total", 1.0),
    "total_query_time": ("pgbouncer_stats_queries_duration_seconds_total", 1e-6),
    "total_wait_time": ("pgbouncer_stats_client_wait_seconds_total", 1e-6),
}
LIMITS = {
    "pool_size": "pgbouncer_databases_pool_size",
    "max_connections": "pgbouncer_databases_max_connections",
    "current_connections": "pgbouncer_databases_current_connections",
}


def look(configuration: Configuration, _: dict[str, Any]) -> Iterator[Sample]:
    port = configuration.pgbouncer_port
    if not port:
        return  # there is none here
    for row in psql(port, OWN, OWN, "SHOW POOLS"):
        labels = {"database": row["database"], "user": row["user"]}
        yield from (Sample(name, float(row[key]), labels) for key, name in POOLS.items())
    for row in psql(port, OWN, OWN, "SHOW STATS"):
        labels = {"database": row["database"]}
        for key, (name, factor) in STATS.items():
            yield Sample(name, float(row[key]) * factor, labels)
    for row in psql(port, OWN, OWN, "SHOW DATABASES"):
        yield from _limits(row)


def _limits(row: Mapping[str, str]) -> Iterator[Sample]:
    labels = {"database": row["name"]}
    yield from (Sample(name, float(row[key]), labels) for key, name in LIMITS.items() if row[key])
