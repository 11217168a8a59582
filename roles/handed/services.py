"""Database, pooler, cache and backups: as far as an application has them on this host."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roles import backup, monitoring, pgbouncer, postgres, redis
from roles.core.machine import Machine
from roles.core.step import Part
from roles.external import authorities, leftovers, urls
from roles.external import role as external
from roles.external.sources import pooled
from roles.rules import ports
from roles.rules.rotation import Changes

from .backed_up import is_backed_up, kept

if TYPE_CHECKING:
    from settings import Settings


def services(settings: Settings, machine: Machine, change: Changes, *, watched: bool) -> list[Part]:
    """What the applications have beside themselves, but for databases."""
    whole, here = settings.host, ports.here(settings)
    had = ["external"] in machine.tells("manifest")
    backed_up = ["backup"] if is_backed_up(settings) else []
    parts = [leftovers.part(machine, [*here, *backed_up]), external.part(settings, had=had)]
    if "redis" in here:
        parts.append(
            redis.part(
                whole.redis,
                machine,
                keep=change.redis,
                metrics=monitoring.redis_fingerprint(machine) if watched else None,
            )
        )
    return parts


def database(settings: Settings, machine: Machine, change: Changes, *, watched: bool) -> list[Part]:
    """Database and pooler, as far as an application has them on this host."""
    whole, here = settings.host, ports.here(settings)
    parts = []
    if "postgres" in here:
        parts.append(
            postgres.part(
                whole.postgres,
                machine,
                change.logins,
                timezone=settings.base.timezone,
                keep=change.databases,
                metrics=monitoring.DATABASE_ROLE if watched else "",
            )
        )
    if "pgbouncer" in here:
        parts.append(
            pgbouncer.part(
                whole.pgbouncer,
                machine,
                server=whole.postgres,
                timezone=settings.base.timezone,
                local="postgres" in here,
                elsewhere=_elsewhere(settings),
            )
        )
    return parts


def backups(settings: Settings, machine: Machine) -> list[Part]:
    """What is backed up of what they have here, if anything is."""
    found = kept(settings, machine)
    return [backup.part(settings.backup, machine, found)] if found else []


def _elsewhere(settings: Settings) -> list[pgbouncer.Elsewhere]:
    """The databases elsewhere that the host's pooler is in front of."""
    found = []
    for view in pooled(settings):
        own = view.postgres.external
        if own.url:
            place = urls.database(own.url)
            found.append(
                pgbouncer.Elsewhere(
                    view.app.name,
                    place.host,
                    place.port,
                    place.name,
                    place.user,
                    place.password,
                    view.pgbouncer.pool_size,
                    authorities.read(own.ca_file) if own.ca_file else "",
                )
            )
    return found
