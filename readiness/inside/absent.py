"""Lines about a service that no application has on the host: not wanted, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..outcome import Finding, unwanted
from .look import Look

if TYPE_CHECKING:
    from settings import Settings

_DATABASE = ("DB-01", "DB-02", "DB-04", "DB-05", "DB-06", "DB-07", "DB-08", "DB-10", "SEC-01")
_OF_DATABASE = ("BAK-01", "BAK-02")
_BACKUP = ("BAK-03", "BAK-04", "BAK-05", "SEC-07")
_REDIS = ("CACHE-01", "CACHE-02", "CACHE-05")


def lines(settings: Settings) -> dict[str, str]:
    """By line, why it is not wanted."""
    from roles.handed.backed_up import is_backed_up
    from roles.rules.external import key
    from roles.rules.ports import here

    first, there = settings.applications[0], here(settings)
    database = f"{key(first, 'postgres.source')} is {first.app.database}"
    redis = f"{key(first, 'redis.source')} is {first.app.cache}"
    found: dict[str, str] = {}
    if "postgres" not in there:
        elsewhere = first.app.database == "external"
        found |= dict.fromkeys(_DATABASE, database)
        found |= dict.fromkeys(
            _OF_DATABASE, f"{database}: backups are the provider's" if elsewhere else database
        )
    if "pgbouncer" not in there:
        found["DB-03"] = database
    if "redis" not in there:
        found |= dict.fromkeys(_REDIS, redis)
    if first.app.cache == "none":
        found["CACHE-03"] = redis
    if not is_backed_up(settings):
        found |= dict.fromkeys(_BACKUP, f"{database}, and all files come from the repository")
    return found


def without(looks: Sequence[Look], settings: Settings) -> list[Look]:
    """The looks, and nothing asked for the lines that are not wanted."""
    why = lines(settings)
    kept = [look for look in looks if look.id not in why]
    return [*kept, *(_absent(id, words) for id, words in why.items())]


def _absent(id: str, words: str) -> Look:
    def judge(said: list[str]) -> Finding:
        return unwanted(words)

    return Look(id, "true", judge)
