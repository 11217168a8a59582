"""The settings as each application's roles see them, and as the host's own do. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, TypeVar

from roles.app.placed import Placed
from roles.app.releases import Release
from roles.app.settings import App, Parts
from roles.core.errors import OperatorError
from roles.core.machine import Machine
from roles.external.settings import Source
from roles.external.sources import source
from roles.pgbouncer.settings import PgBouncer
from roles.postgres.settings import Postgres
from roles.redis.settings import Redis

from . import shares
from .settings import Application

if TYPE_CHECKING:
    from settings import Settings

T = TypeVar("T")


def views(settings: Settings) -> tuple[Settings, ...]:
    """One for each application, in their order: the settings themselves for the short form."""
    if not settings.apps:
        return (settings,)
    parts = shares.shares(settings.apps)
    local = [n for n, each in settings.apps.items() if _sources(each)[0] == "local"]
    first = next(iter(local or settings.apps))
    return tuple(
        _view(settings, name, each, parts[name], is_first=name == first)
        for name, each in settings.apps.items()
    )


def chosen(settings: Settings) -> Settings:
    """The view of the one application that a command is for. Raises OperatorError where there are
    several and none is named."""
    found = [each for each in views(settings) if settings.application in (None, each.app.name)]
    if len(settings.apps) > 1 and not settings.application:
        names = ", ".join(settings.apps)
        raise OperatorError(f"which application? Say --data application=NAME; there are {names}")
    return found[0]


def by_name(settings: Settings, given: Mapping[str, T] | T) -> Mapping[str, T]:
    """What is given for each application, by its name; of one alone it may be given by itself."""
    return given if isinstance(given, Mapping) else {settings.app.name: given}


def placed(
    settings: Settings, machine: Machine, releases: Mapping[str, Release] | Release
) -> dict[str, Placed]:
    """The release of each application on `machine`, by application."""
    given = by_name(settings, releases)
    return {v.app.name: Placed(v.app, machine, given[v.app.name]) for v in views(settings)}


def whole(settings: Settings) -> Settings:
    """As the host's own roles see it: one PostgreSQL, one PgBouncer and one Redis for all."""
    if not settings.apps:
        return settings
    all_views = views(settings)
    # Those that have theirs on the host; of a host that has none the first stands for itself.
    with_database = [each for each in all_views if each.app.database == "local"] or all_views[:1]
    with_redis = [each for each in all_views if each.app.cache == "local"] or all_views[:1]
    postgres, redis = with_database[0].postgres.model_copy(), with_redis[0].redis.model_copy()
    postgres._others = tuple(each.postgres for each in with_database[1:])
    redis._others = tuple(each.redis for each in with_redis[1:])
    update = {name: getattr(all_views[0], name) for name in ("app", "domain", "aliases")}
    update["pgbouncer"] = with_database[0].pgbouncer
    return settings.model_copy(update={**update, "postgres": postgres, "redis": redis})


def application(name: str, given: Application, share: int, pool: int) -> App:
    """Its part as an application that has its host to itself has it."""
    values = {field: getattr(given, field) for field in Parts.model_fields}
    values["memory_share_percent"] = shares.memory_share(given, share)
    values["database_pool"] = shares.database_pool(given, pool)
    app = App.model_construct(given.model_fields_set & set(values), name=name, **values)
    app._share = share
    app._database, app._cache = _sources(given)
    return app


def _sources(given: Application) -> tuple[Source, Source]:
    """Where its database and its Redis are."""
    kind = given.kind
    return source(given.database.source, kind), source(given.redis.source, kind)


def _view(
    settings: Settings, name: str, given: Application, share: int, *, is_first: bool
) -> Settings:
    pool = shares.pool_size(share, settings.pgbouncer.pool_size)
    return settings.model_copy(
        update={
            "application": name,
            "domain": given.domain,
            "aliases": given.aliases,
            "app": application(name, given, share, pool),
            "postgres": _database(settings.postgres, name, given, pool, is_first=is_first),
            "pgbouncer": _pooler(settings.pgbouncer, pool),
            "redis": _cache(settings.redis, name, given),
        }
    )


def _database(
    postgres: Postgres, name: str, given: Application, pool: int, *, is_first: bool
) -> Postgres:
    """Further databases and roles of the environment's belong to the first application."""
    own = given.database
    further: dict[str, object] = {} if is_first else {"databases": {}, "roles": {}}
    copy = postgres.model_copy(
        update={
            "source": own.source,
            "external": own.external,
            "password": own.password,
            "user": own.user or name,
            "database": own.name or name,
            "extensions": own.extensions,
            **further,
        }
    )
    copy._pool = pool
    return copy


def _pooler(pooler: PgBouncer, pool: int) -> PgBouncer:
    return pooler.model_copy(update={"pool_size": pool})


def _cache(redis: Redis, name: str, given: Application) -> Redis:
    own = {key: getattr(given.redis, key) for key in ("source", "external", "password")}
    copy = redis.model_copy(update={"user": name, **own})
    copy._prefix = f"{name}:"
    return copy
