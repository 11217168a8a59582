"""The checklist: the five systems."""

from __future__ import annotations

from .line import Line

AREA = "Systems"
DO = "examples/ has it as it should be"


def _line(number: int, what: str, why: str, *settings: str) -> Line:
    return Line(f"SYS-0{number}", AREA, what, why, DO, settings, is_shown=False)


LINES = (
    _line(
        1,
        "a media platform runs as it is described: Express and React, files in a bucket that only"
        " a signature opens, 3000 visitors ([systems.md](systems.md#media-platform))",
        "this is what it is for",
        "app.storage", "app.bucket", "nginx.clients",
    ),
    _line(
        2,
        "a job board: FastAPI by Gunicorn beside Next.js, PostgreSQL by its parts, cache, uploads"
        " ([systems.md](systems.md#job-board))",
        "this is what it is for",
        "app.http", "app.names", "nginx.limits",
    ),
    _line(
        3,
        "a task board: Express, MongoDB elsewhere, a front end on another host that calls with"
        " cookies ([systems.md](systems.md#task-board))",
        "this is what it is for",
        "app.mongodb", "nginx.cors_origins",
    ),
    _line(
        4,
        "notes: a Node.js cluster with sessions in Redis, each worker's memory watched"
        " ([systems.md](systems.md#notes))",
        "this is what it is for",
        "app.web.forks", "app.web.memory_max_mb",
    ),
    _line(
        5,
        "a community: Express in TypeScript with its React front end, a pool of 50, bodies of 50 MB"
        " ([systems.md](systems.md#community))",
        "this is what it is for",
        "app.builds", "app.database_pool", "nginx.body_limit_mb",
    ),
)  # fmt: skip
