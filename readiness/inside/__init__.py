"""Looks that are taken on the host itself, all in one question."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import (
    absent,
    alerts,
    application,
    backup,
    cache,
    database,
    each,
    host,
    logs,
    monitoring,
    releases,
    security,
    web,
)
from .look import Look, answered, found, question

if TYPE_CHECKING:
    from settings import Settings

__all__ = ["Look", "answered", "found", "looks", "question"]


def looks(settings: Settings) -> list[Look]:
    """All that can be asked of a host with these settings: once of the host, and of each of its
    applications. No secret is in a question."""
    areas = (
        *(host, database, cache, web, application, releases, backup, logs),
        *(monitoring, alerts, security),
    )
    ours = [look for area in areas for look in area.looks(settings.host) if look.id not in each.OWN]
    found = absent.without(ours, absent.of_host(settings))
    for view in settings.applications:
        theirs = [look for area in areas for look in area.looks(view) if look.id in each.OWN]
        found += each.named(absent.without(theirs, absent.of_application(view)), view)
    return found
