"""What the backups get: what there is to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roles import app, backup, postgres, redis
from roles.core.machine import Machine
from roles.external.sources import databases
from roles.rules import ports

if TYPE_CHECKING:
    from settings import Settings


def is_backed_up(settings: Settings) -> bool:
    """Whether there is something to back up: not where all applications are files that come from a
    repository, and nothing else is here."""
    static = all(view.app.kind == "static" for view in settings.applications)
    return not static or bool(ports.here(settings)) or bool(settings.backup.paths)


def kept(settings: Settings, machine: Machine) -> backup.Kept | None:
    """What is backed up; nothing where all applications are files that come from a repository."""
    views, host, here = databases(settings), settings.host, ports.here(settings)
    if not is_backed_up(settings):
        return None
    return backup.Kept(
        app=host.app.name,
        uploads=app.uploads(host.app),
        cluster=postgres.cluster(settings.postgres, machine),
        port=settings.postgres.port,
        databases=(
            *(view.postgres.database for view in views),
            *(settings.postgres.databases if views else ()),
        ),
        has_database=bool(views),
        apps=kept_apps(settings),
        redis_socket=redis.SOCKET if "redis" in here else "",
        guard=postgres.RESTORED,
    )


def kept_apps(settings: Settings) -> tuple[backup.KeptApp, ...]:
    """What is each application's own of that, where there are several."""
    return tuple(
        backup.KeptApp(
            each.app.name,
            app.uploads(each.app),
            each.postgres.database if each.app.database == "local" else "",
        )
        for each in settings.applications
        if settings.apps
    )
