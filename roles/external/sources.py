"""Where an application's database and its Redis are. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .settings import Source

if TYPE_CHECKING:
    from settings import Settings


def source(said: object, kind: object) -> Source:
    """What was said, or else by the application's kind: one that is only files needs neither."""
    if said in ("local", "external", "none"):
        return said
    return "none" if kind == "static" else "local"


def databases(settings: Settings) -> tuple[Settings, ...]:
    """The views of the applications that have their database on the host."""
    return tuple(view for view in settings.applications if view.app.database == "local")


def caches(settings: Settings) -> tuple[Settings, ...]:
    """The views of the applications that have their Redis on the host."""
    return tuple(view for view in settings.applications if view.app.cache == "local")


def pooled(settings: Settings) -> tuple[Settings, ...]:
    """The views of those that come to a database elsewhere by the host's PgBouncer."""
    return tuple(
        view
        for view in settings.applications
        if view.app.database == "external" and view.postgres.external.pooled
    )
