"""What an application is told of the services that are elsewhere, by the names of `[app.names]`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import SecretStr

from . import urls
from .authorities import DATABASE, MONGODB, REDIS, STORAGE, authority

if TYPE_CHECKING:
    from settings import Settings

LOOPBACK = "127.0.0.1"

Values = dict[str, str | SecretStr]


def database(settings: Settings) -> Values:
    """Keys `database.…`: by the host's pooler where it is in front; `database.direct.…` always
    straight."""
    external = settings.postgres.external
    assert external.url  # noqa: S101 - rules.external.has_address
    place = urls.database(external.url)
    ca_file = authority(settings, DATABASE)
    query = f"?sslmode={urls.VERIFIED}&sslrootcert={ca_file}"
    direct = _database(place, place.host, place.port, place.name, query)
    if not external.pooled:
        near = direct
    else:
        near = _database(place, LOOPBACK, settings.pgbouncer.port, settings.app.name, "")
    return {
        **{f"database.{key}": value for key, value in near.items()},
        **{f"database.direct.{key}": value for key, value in direct.items()},
        "database.ca_file": ca_file,
    }


def _database(place: urls.Place, host: str, port: int, name: str, query: str) -> Values:
    who = f"{urls.encoded(place.user)}:{urls.encoded(place.password.get_secret_value())}"
    where = f"[{host}]" if ":" in host else host
    return {
        "url": SecretStr(f"postgresql://{who}@{where}:{port}/{urls.encoded(name)}{query}"),
        "host": host,
        "port": str(port),
        "user": place.user,
        "password": place.password,
        "name": name,
    }


def redis(settings: Settings) -> Values:
    """Keys `redis.…`."""
    url = settings.redis.external.url
    assert url  # noqa: S101 - rules.external.has_address
    place = urls.redis(url)
    return {
        "redis.url": url,
        "redis.host": place.host,
        "redis.port": str(place.port),
        "redis.user": place.user,
        "redis.password": place.password,
        "redis.database": place.name or "0",
        "redis.prefix": settings.redis.prefix,
        "redis.ca_file": authority(settings, REDIS),
    }


def mongo(settings: Settings) -> Values:
    """Keys `mongodb.…`; none without."""
    mongodb = settings.app.mongodb
    if not mongodb.uri:
        return {}
    more = {"maxPoolSize": str(mongodb.pool)}
    if mongodb.ca_file:
        more["tlsCAFile"] = authority(settings, MONGODB)
    return {"mongodb.uri": urls.with_query(mongodb.uri, **more), "mongodb.pool": str(mongodb.pool)}


def storage(settings: Settings) -> Values:
    """Keys `storage.…`; none without."""
    wanted = settings.app.storage
    if not (wanted.bucket and wanted.key and wanted.secret):
        return {}
    return {
        "storage.bucket": wanted.bucket,
        "storage.endpoint": wanted.endpoint,
        "storage.region": wanted.region,
        "storage.prefix": wanted.prefix,
        "storage.path_style": "true" if wanted.path_style else "false",
        "storage.key": wanted.key,
        "storage.secret": wanted.secret,
        "storage.ca_file": authority(settings, STORAGE),
    }


def secrets(settings: Settings) -> list[SecretStr]:
    """Passwords inside of addresses, as they are and encoded: a program may say one alone."""
    found = []
    for view in settings.applications:
        postgres, cache = view.postgres.external.url, view.redis.external.url
        places = [*([urls.database(postgres)] if postgres else [])]
        places += [urls.redis(cache)] if cache else []
        words = [place.password.get_secret_value() for place in places]
        if view.app.mongodb.uri:
            words.append(urls.password(view.app.mongodb.uri))
        found += [SecretStr(form) for word in words for form in {word, urls.encoded(word)}]
    return found
