"""`[apps]` in the place of `[app]`: what the short form needs and several do not, and what it may
not say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr

from roles.external.sources import source

if TYPE_CHECKING:
    from settings import Settings

# What each application says for itself, so that the environment does not.
_OWN = {
    "app": "app",
    "domain": "domain",
    "aliases": "aliases",
    "postgres.source": "database.source",
    "postgres.external": "database.external",
    "postgres.password": "database.password",
    "postgres.user": "database.user",
    "postgres.database": "database.name",
    "postgres.extensions": "database.extensions",
    "redis.source": "redis.source",
    "redis.external": "redis.external",
    "redis.password": "redis.password",
    "redis.user": "redis",
}
_UNUSED = "a-place-that-nothing-reads-0123456789"


def filled(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """The raw values of an environment with `apps`: something valid stands where the short form has
    its own, until the applications are known. Others as they are."""
    if not _several(values):
        kind = _get(values, "app.kind")
        return {**values, **_without_password(values, ("postgres", "redis"), kind)}
    values = {**values, "apps": _each(values["apps"])}
    stand_in = SecretStr(_UNUSED)
    result = {**values, "domain": "applications.invalid", "aliases": ()}
    repository = "https://applications.invalid/app.git"
    result["app"] = {"name": "app", "repository": repository, "secret_key": stand_in}
    for table in ("postgres", "redis"):
        own = [key.partition(".")[2] for key in _OWN if key.startswith(f"{table}.")]
        given = result.get(table)
        rest = given if isinstance(given, Mapping) else {}
        kept = {key: value for key, value in rest.items() if key not in own}
        result[table] = {**kept, "password": stand_in}
    return result


def _each(apps: Mapping[str, Any]) -> dict[str, Any]:
    """Each application of raw `apps`, with what it needs to be valid and says nowhere."""
    return {
        name: {**app, **_without_password(app, ("database", "redis"), app.get("kind"))}
        if isinstance(app, Mapping)
        else app
        for name, app in apps.items()
    }


def _without_password(
    values: Mapping[str, Any], tables: Sequence[str], kind: object
) -> dict[str, Any]:
    """Of `values` the tables of services that are not on the host: nobody logs in there with a
    password of the host's own, so something valid stands in its place."""
    found: dict[str, Any] = {}
    for table in tables:
        given = values.get(table, {})
        if isinstance(given, Mapping) and source(given.get("source"), kind) != "local":
            found[table] = {"password": SecretStr(_UNUSED), **given}
    return found


def both(values: Mapping[str, Any]) -> dict[str, str]:
    """What is given in the short form beside `apps`: key by key, what stands instead of it."""
    if not _several(values):
        return {}
    found: dict[str, str] = {}
    for key, instead in _OWN.items():
        given = _get(values, key)
        if key == "app" and isinstance(given, Mapping):
            found |= {f"app.{name}": name for name in given}
        elif given:
            found[key] = instead
    return found


def _several(values: Mapping[str, Any]) -> bool:
    apps = values.get("apps")
    return bool(isinstance(apps, Mapping) and apps)


def completed(settings: Settings) -> None:
    """Once the applications are known: the first is what stands where the short form has its own.
    What asks for one application alone, such as whose host it is, is answered with it."""
    if settings.apps:
        first = settings.applications[0]
        settings.__dict__.update(app=first.app, domain=first.domain)
    else:
        app = settings.app
        app._database = source(settings.postgres.source, app.kind)
        app._cache = source(settings.redis.source, app.kind)


def _get(values: Mapping[str, Any], key: str) -> object:
    inner: Any = values
    for part in key.split("."):
        inner = inner.get(part) if isinstance(inner, Mapping) else getattr(inner, part, None)
    return inner
