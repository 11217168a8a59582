"""The checklist: cache."""

from __future__ import annotations

from .line import Line

AREA = "Cache"

LINES = (
    Line(
        "CACHE-01",
        AREA,
        what=(
            "Redis asks for a password, may fill only so much memory, and forgets what "
            "has an end first"
        ),
        why=("an open Redis is a shell for strangers, one without a bound takes the memory"),
        do="deploy.py; redis.maxmemory_mb",
        settings=("redis.maxmemory_mb", "redis.maxmemory_policy"),
    ),
    Line(
        "CACHE-02",
        AREA,
        what="what it holds survives its death",
        why="sessions and queues are lost with the process",
        do="deploy.py",
        settings=("redis.appendfsync",),
    ),
    Line(
        "CACHE-03",
        AREA,
        what="address and lifetime reach the application",
        why="without them the application keeps values for too long or not at all",
        do="deploy.py; app.cache_ttl_seconds",
        settings=("app.cache_ttl_seconds",),
    ),
    Line(
        "CACHE-05",
        AREA,
        what=(
            "a new password loses no request and restarts nothing; the former one is "
            "valid until the release that has the new one is live"
        ),
        why="a former password that still works is one that somebody has",
        do="release again, then deploy.py",
        settings=("redis.password",),
    ),
)
