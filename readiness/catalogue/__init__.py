"""The checklist as data: the source of docs/readiness.md's tables and of the report."""

from __future__ import annotations

from . import (
    alerts,
    application,
    backup,
    cache,
    database,
    host,
    logs_and_load,
    monitoring,
    releases,
    report,
    security,
    systems,
    web,
)
from .line import Line

__all__ = ["BY_ID", "LINES", "Line"]

LINES: tuple[Line, ...] = tuple(
    line
    for area in (
        host,
        database,
        cache,
        web,
        application,
        releases,
        backup,
        logs_and_load,
        monitoring,
        alerts,
        security,
        report,
        systems,
    )
    for line in area.LINES
)
BY_ID = {line.id: line for line in LINES}
