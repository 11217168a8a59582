"""The checklist: database."""

from __future__ import annotations

from .line import Line

AREA = "Database"

LINES = (
    Line(
        "DB-01",
        AREA,
        what="PostgreSQL's memory follows from RAM and cores; pages have checksums",
        why=(
            "a database with a default's memory is slow, and one without checksums hides a bad disk"
        ),
        do="deploy.py; postgres.memory_percent",
        settings=("postgres.memory_percent", "postgres.storage"),
    ),
    Line(
        "DB-02",
        AREA,
        what=(
            "all pools fit into its connections; settings that overbook are refused "
            "before any host is touched"
        ),
        why="who finds no connection answers 500",
        do="postgres.max_connections, or fewer app.database_pool",
        settings=("postgres.max_connections", "pgbouncer.pool_size", "app.database_pool"),
    ),
    Line(
        "DB-03",
        AREA,
        what=("PgBouncer: broken connections cost no request, old and idle ones are closed"),
        why="a connection that is dead costs the first request",
        do="systemctl status pgbouncer, then deploy.py",
        settings=("pgbouncer",),
    ),
    Line(
        "DB-04",
        AREA,
        what="a statement ends after 60 s",
        why="one bad query holds a connection and its locks for ever",
        do="deploy.py; docs/database.md",
        settings=("postgres.statement_timeout_seconds",),
    ),
    Line(
        "DB-05",
        AREA,
        what="slow statements are logged, all are counted",
        why="what nobody measures nobody mends",
        do="deploy.py; postgres.slow_query_ms",
        settings=("postgres.slow_query_ms",),
    ),
    Line(
        "DB-06",
        AREA,
        what=(
            "release steps run once a release, with a connection of their own that "
            "waits for indexes"
        ),
        why="an index that did not finish is written to and never read",
        do="REINDEX INDEX CONCURRENTLY what is named",
        settings=("app.release_steps",),
    ),
    Line(
        "DB-07",
        AREA,
        what="vacuum every week, bloated indexes rebuilt every month",
        why="tables that are not vacuumed grow and get slow",
        do="deploy.py; journalctl -t postgres-maintenance",
        settings=("postgres.vacuum_schedule", "postgres.index_schedule"),
    ),
    Line(
        "DB-08",
        AREA,
        what="only this host gets in, with SCRAM; others over TLS, if they are listed",
        why="a database that listens is attacked",
        do="deploy.py; postgres.listen, postgres.allow",
        settings=("postgres.listen", "postgres.allow"),
    ),
    Line(
        "DB-10",
        AREA,
        what=(
            "a new password loses no request; the former one is valid until the release"
            " that has the new one is live, and not longer"
        ),
        why="a former password that still works is one that somebody has",
        do="release again, then deploy.py; docs/database.md",
        settings=("postgres.password",),
    ),
    Line(
        "DB-11",
        AREA,
        what=(
            "a database, Redis, MongoDB or bucket from elsewhere is reached by verified TLS and"
            " tried before the first change; nothing of what is elsewhere, or none, is installed"
        ),
        why="a wrong password or authority that shows after the switch takes the site down",
        do="deploy.py says which key is wrong (docs/external.md)",
        settings=("postgres.source", "redis.source", "app.mongodb", "app.storage"),
        is_shown=False,
    ),
)
