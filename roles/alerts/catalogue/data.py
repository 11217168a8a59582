"""The database, its pooler, and the cache."""

from __future__ import annotations

from ..alert import Alert

_PERCENT = '{{ $value | printf "%.0f" }} %'

ALERTS = (
    Alert(
        "ServiceDown",
        "a service does not answer",
        '{__name__=~"pg_up|pgbouncer_up|redis_up|nginx_up"} == 0',
        60,
        "critical",
        "the exporter {{ $labels.job }} gets no answer of it",
        "Look at its journal. deploy.py starts what should run, and says why it would not.",
        "readyhost ENV status",
    ),
    Alert(
        "Connections",
        "connections of the database run out",
        "100 * sum by (instance) (pg_stat_activity_count)"
        " / $max_connections > $connections_percent",
        300,
        "warning",
        f"{_PERCENT} are taken",
        "See who holds them: idle in transaction is a fault of the application's. Else raise"
        " postgres.max_connections with the host's memory.",
        "readyhost ENV psql --read-only -- -c"
        " 'SELECT state, count(*) FROM pg_stat_activity GROUP BY 1'",
        limits=("connections_percent",),
        keys=("postgres.max_connections",),
    ),
    Alert(
        "PoolQueue",
        "clients wait for a connection",
        "sum by (instance) (pgbouncer_pools_client_waiting_connections) >= $waiting_clients",
        60,
        "critical",
        '{{ $value | printf "%.0f" }} clients wait in PgBouncer',
        "Find the statements that take long. pgbouncer.pool_size may be raised as far as cores"
        " are there to work.",
        "readyhost ENV psql --read-only -- -c"
        " 'SELECT xact_start, query FROM pg_stat_activity ORDER BY 1'",
        limits=("waiting_clients",),
        keys=("pgbouncer.pool_size",),
    ),
    Alert(
        "ReplicaLag",
        "a replica is behind",
        'max by (instance) ({__name__=~"pg_replication_lag(_seconds)?"}) > $replica_lag_seconds',
        300,
        "warning",
        '{{ $value | printf "%.0f" }} s behind',
        "Look whether it is connected, and whether a query there holds it up.",
        "readyhost ENV psql --read-only -- -c 'SELECT * FROM pg_stat_replication'",
        limits=("replica_lag_seconds",),
    ),
    Alert(
        "WalArchiving",
        "changes of the database are not archived",
        "time() - readyhost_wal_archive_failed_timestamp_seconds < 900",
        300,
        "critical",
        "PostgreSQL could not archive within the last 15 minutes",
        "The disk fills with WAL, and a restore would lose what is not archived. See whether the"
        " storage is reachable and not full.",
        "ssh HOST backup status",
        keys=("backup",),
    ),
    Alert(
        "RedisMemory",
        "Redis is full",
        "100 * redis_memory_used_bytes / (redis_memory_max_bytes > 0) > $redis_memory_percent",
        600,
        "warning",
        f"{_PERCENT} of redis.maxmemory_mb",
        "A key without an end stays for ever: set one. Else raise redis.maxmemory_mb.",
        "readyhost ENV redis-cli -- --bigkeys",
        limits=("redis_memory_percent",),
        keys=("redis.maxmemory_mb",),
    ),
    Alert(
        "RedisEvictions",
        "Redis gives up keys",
        "60 * rate(redis_evicted_keys_total[$window]) > $evictions_a_minute",
        300,
        "warning",
        '{{ $value | printf "%.0f" }} keys a minute',
        "The cache is too small: raise redis.maxmemory_mb. Jobs and sessions may be among them.",
        "readyhost ENV redis-cli -- INFO memory",
        limits=("evictions_a_minute",),
        keys=("redis.maxmemory_mb", "alerts.window_seconds"),
    ),
)
