"""Which passwords are new, and for whom: old and new are valid until the new release is live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from roles import postgres
from roles.app.credentials import credentials
from roles.core.errors import OperatorError
from roles.core.machine import Machine

if TYPE_CHECKING:
    from settings import Settings


@dataclass(frozen=True)
class Rotation:
    """login: the database role that has, or gets, the password of the settings. database, redis:
    whether the live release logs in with another password, which stays valid for now."""

    login: str
    database: bool = False
    redis: bool = False


@dataclass(frozen=True)
class Changes:
    """Of all applications of a host: the database roles that have, or get, a password of the
    settings; the owners of databases whose other login keeps its own; whether Redis' users do."""

    logins: tuple[str, ...]
    databases: frozenset[str]
    redis: bool


def changes(settings: Settings, rotations: Mapping[str, Rotation]) -> Changes:
    """What the settings change for each of the applications, together, by their `rotations`."""
    found = [(view, rotations[view.app.name]) for view in settings.applications]
    return Changes(
        tuple(each.login for view, each in found if view.app.database == "local"),
        frozenset(view.postgres.user for view, each in found if each.database),
        any(each.redis for _, each in found),
    )


def rotation(settings: Settings, machine: Machine) -> Rotation:
    """What an application's settings change on `machine`, which tells what its live release logs in
    with.

    The release that is live is the whole memory: whatever a killed run left, the password that it
    does not use is the one that may be changed.
    """
    live = credentials(machine, "" if settings.app.alone else settings.app.name)
    database, cache = live.get("DATABASE_URL"), live.get("REDIS_URL")
    first, second = postgres.logins(settings.postgres)
    user = unquote(database.user) if database else ""
    new_database = new_redis = False
    login = user if user in (first, second) else first
    if database and user in (first, second) and settings.app.database == "local":
        new_database = not database.fit(settings.postgres.password.get_secret_value())
        if new_database:
            login = second if user == first else first
    if cache and settings.app.cache == "local":
        same = cache.fit(settings.redis.password.get_secret_value())
        new_redis = not same or unquote(cache.user) != settings.redis.user
    return Rotation(login, new_database, new_redis)


def require_no_change(change: Rotation) -> None:
    """Raises OperatorError where the settings have a password that the host does not know yet."""
    new = {"postgres.password": change.database, "redis.password": change.redis}
    if any(new.values()):
        raise OperatorError(
            f"{' and '.join(key for key in new if new[key])}: the host knows another one; first"
            " bring the new one there: pyinfra INVENTORY deploy.py. Nothing has been changed"
        )
