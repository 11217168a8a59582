"""What monitoring gets: which services and applications there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roles import monitoring
from roles.rules import ports

if TYPE_CHECKING:
    from settings import Settings


def around(settings: Settings) -> monitoring.Around:
    """What monitoring has to know of the other roles."""
    host, here = settings.host, ports.here(settings)
    return monitoring.Around(
        apps=tuple(
            monitoring.Watched(
                view.app.name,
                view.domain,
                view.aliases,
                view.app.health.path,
                serves=view.app.kind != "static",
            )
            for view in settings.applications
        ),
        postgres_port=host.postgres.port if "postgres" in here else 0,
        pgbouncer_port=host.pgbouncer.port if "pgbouncer" in here else 0,
        redis_port=host.redis.port if "redis" in here else 0,
        trusted=settings.tls.certificate != "self-signed",
        alerts=settings.alerts.enabled,
    )
