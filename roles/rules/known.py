"""What the roles tell an application, by the names that `[app.names]` asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import SecretStr

from roles import pgbouncer, postgres, redis
from roles.external import access

if TYPE_CHECKING:
    from settings import Settings


def known(settings: Settings, login: str | None = None) -> dict[str, str | SecretStr]:
    """Values by key: the site's names, the database through its pooler and past it, Redis.

    login: the database role that has the application's password, the first when None.
    """
    domains = (settings.domain, *settings.aliases)
    return {
        "domain": settings.domain,
        "domains": ",".join(domains),
        "origin": f"https://{settings.domain}",
        "origins": ",".join(f"https://{name}" for name in domains),
        **_database(settings, login),
        **_redis(settings),
        **access.mongo(settings),
        **access.storage(settings),
    }


def _database(settings: Settings, login: str | None) -> dict[str, str | SecretStr]:
    if settings.app.database == "none":
        return {}
    if settings.app.database == "external":
        return access.database(settings)
    pooled = pgbouncer.values(settings.pgbouncer, settings.postgres, login)
    return {
        **_below("database", pooled),
        **_below("database.direct", postgres.values(settings.postgres, login=login)),
    }


def _redis(settings: Settings) -> dict[str, str | SecretStr]:
    if settings.app.cache == "none":
        return {}
    if settings.app.cache == "external":
        return access.redis(settings)
    return _below("redis", redis.values(settings.redis))


def _below(owner: str, values: dict[str, str | SecretStr]) -> dict[str, str | SecretStr]:
    return {f"{owner}.{name}": value for name, value in values.items()}
