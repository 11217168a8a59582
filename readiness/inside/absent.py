"""Lines about what is not on the host, or does not run there: not wanted, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..outcome import Finding, unwanted
from .look import Look

if TYPE_CHECKING:
    from settings import Settings

_DATABASE = ("DB-01", "DB-02", "DB-07", "DB-08")
_OF_DATABASE = ("BAK-01", "BAK-02")
_OWN_DATABASE = ("DB-04", "DB-05", "DB-06", "DB-10", "SEC-01")
_BACKUP = ("BAK-03", "BAK-04", "BAK-05", "SEC-07")
_REDIS = ("CACHE-01", "CACHE-02", "CACHE-05")
_PROCESSES = (
    *("APP-01", "APP-02", "APP-03", "APP-04", "APP-05", "APP-07", "APP-08", "APP-09", "APP-10"),
    *("APP-11", "SEC-06", "WEB-01"),
)


def of_host(settings: Settings) -> dict[str, str]:
    """By line of the host, why it is not wanted."""
    from roles.handed.backed_up import is_backed_up
    from roles.rules.ports import here

    views, there = settings.applications, here(settings)
    database = ", ".join(map(_database, views))
    redis = ", ".join(map(_redis, views))
    found: dict[str, str] = {}
    if "postgres" not in there:
        found |= dict.fromkeys(_DATABASE, database)
        found |= dict.fromkeys(_OF_DATABASE, providers(databases_elsewhere(settings)) or database)
    if "pgbouncer" not in there:
        found["DB-03"] = database
    if "redis" not in there:
        found |= dict.fromkeys(_REDIS, redis)
    if not is_backed_up(settings):
        found |= dict.fromkeys(_BACKUP, f"{database}, and all files come from the repository")
    if all(view.app.kind == "static" for view in views):
        found["WEB-04"] = f"{', '.join(map(_kind, views))}: a request costs no process's time"
    return found


def databases_elsewhere(settings: Settings) -> list[str]:
    """What says of an application that it has a database at a provider."""
    from roles.rules.external import key

    views = settings.applications
    external = [_database(view) for view in views if view.app.database == "external"]
    mongo = [f"{key(view, 'app.mongodb.uri')} is set" for view in views if view.app.mongodb.uri]
    return external + mongo


def uploads_elsewhere(settings: Settings) -> list[str]:
    """What says of an application that it has a bucket at a provider."""
    from roles.rules.external import key

    views = [view for view in settings.applications if view.app.storage.bucket]
    return [f"{key(view, 'app.storage.bucket')} is set" for view in views]


def providers(elsewhere: Sequence[str]) -> str:
    """Whose the backups of what is elsewhere are; empty where nothing is."""
    return f"{', '.join(elsewhere)}: backups are the provider's" if elsewhere else ""


def of_application(view: Settings) -> dict[str, str]:
    """By line of an application's own, why it is not wanted."""
    found: dict[str, str] = {}
    if view.app.database != "local":
        found |= dict.fromkeys(_OWN_DATABASE, _database(view))
    if view.app.cache == "none":
        found["CACHE-03"] = _redis(view)
    if view.app.kind == "static":
        found |= dict.fromkeys(_PROCESSES, f"{_kind(view)}: nothing of it runs")
    return found


def without(looks: Sequence[Look], why: Mapping[str, str]) -> list[Look]:
    """The looks, and nothing asked for the lines that are not wanted."""
    kept = [look for look in looks if look.id not in why]
    return [*kept, *(_absent(id, words) for id, words in why.items())]


def _absent(id: str, words: str) -> Look:
    def judge(said: list[str]) -> Finding:
        return unwanted(words)

    return Look(id, "true", judge)


def _database(view: Settings) -> str:
    from roles.rules.external import key

    return f"{key(view, 'postgres.source')} is {view.app.database}"


def _redis(view: Settings) -> str:
    from roles.rules.external import key

    return f"{key(view, 'redis.source')} is {view.app.cache}"


def _kind(view: Settings) -> str:
    from roles.rules.external import key

    return f"{key(view, 'app.kind')} is static"
