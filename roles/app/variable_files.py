"""The files of variables: what processes, release steps and an operator's clients are told."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import SecretStr

from roles.core.entries import File
from roles.core.templates import render
from roles.external import urls

from . import names, runtimes
from .environment import variables
from .host.layout import Layout
from .names import Value
from .process_layout import ProcessLayout
from .releases import Release
from .settings import App


def own_values(settings: App, release: Release, environment: str) -> dict[str, Value]:
    """The values of `names.KEYS` that the application's own role knows."""
    return {
        "environment": environment,
        "release": release.tag,
        "commit": release.commit,
        "secret_key": settings.secret_key,
        "uploads": str(Layout(settings.name).uploads),
    }


def of_processes(
    settings: App,
    release: Release,
    process_layout: ProcessLayout,
    known: Mapping[str, Value],
) -> File:
    """What every process of it gets."""
    no_database, no_redis = settings.database == "none", settings.cache == "none"
    values: dict[str, str | int | SecretStr | None] = {
        "DOMAIN": known["domain"],
        "DATABASE_URL": known.get("database.url"),
        "DATABASE_CA_FILE": known.get("database.ca_file"),
        "REDIS_URL": known.get("redis.url"),
        "REDIS_CA_FILE": known.get("redis.ca_file"),
        "MONGODB_URI": known.get("mongodb.uri"),
        "MONGODB_POOL_SIZE": known.get("mongodb.pool"),
        "ENVIRONMENT": known["environment"],
        "RELEASE": release.tag,
        "LOG_LEVEL": settings.log_level,
        "UPLOADS_DIR": known["uploads"],
        "SECRET_KEY": settings.secret_key,
        "DATABASE_POOL_SIZE": None if no_database else process_layout.pool_size,
        "REDIS_POOL_SIZE": None if no_redis else settings.redis_pool,
        "CACHE_TTL": None if no_redis else settings.cache_ttl_seconds,
        "SENTRY_DSN": settings.sentry_dsn,
        "SENTRY_ENVIRONMENT": known["environment"],
        "SENTRY_RELEASE": release.tag,
        **({} if settings.alone else {"REDIS_PREFIX": known.get("redis.prefix")}),
        **runtimes.of(process_layout.kind).variables,
        **settings.env,
        **settings.secrets,
        **_resolved(names.of_all(settings.names), known),
    }
    return _file(settings, "env", values)


def of_release_steps(settings: App, known: Mapping[str, Value]) -> File:
    """What release steps get beside the application's environment: ways past the pooler."""
    own = _resolved(names.of_release_steps(settings.names), known)
    values = {"MIGRATION_DATABASE_URL": known.get("database.direct.url"), **own}
    return _file(settings, "release-env", values)


def of_operators(settings: App, known: Mapping[str, Value]) -> File:
    """With which an operator's psql and redis-cli get in as the application does, past the pooler:
    what a session is told is to last."""
    texts = {
        "PGHOST": "{database.direct.host}",
        "PGPORT": "{database.direct.port}",
        "PGDATABASE": "{database.direct.name}",
        "PGUSER": "{database.direct.user}",
        "PGPASSWORD": "{database.direct.password}",
        "PGAPPNAME": "readyhost",
        "REDIS_HOST": "{redis.host}",
        "REDIS_PORT": "{redis.port}",
        "REDIS_DATABASE": "{redis.database}",
        "REDIS_USER": "{redis.user}",
        "REDISCLI_AUTH": "{redis.password}",
    }
    if settings.database == "external":
        texts |= {"PGSSLMODE": urls.VERIFIED, "PGSSLROOTCERT": "{database.ca_file}"}
    if settings.cache == "external":
        texts["REDIS_CA_FILE"] = "{redis.ca_file}"
    here = {name: text for name, text in texts.items() if not names.unknown(text, known)}
    return _file(settings, "operator-env", _resolved(here, known))


def _resolved(texts: Mapping[str, str], known: Mapping[str, Value]) -> dict[str, Value]:
    return {name: names.resolve(text, known) for name, text in texts.items()}


def _file(settings: App, name: str, values: Mapping[str, str | int | SecretStr | None]) -> File:
    return render(
        "app",
        f"{Layout(settings.name).next}/{name}",
        template="app/etc/app/next/env.j2",
        mode=0o600,
        name=settings.name,
        variables=variables(values),
    )
