"""What several applications demand of each other."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from roles.core.environment import Conflict

if TYPE_CHECKING:
    from settings import Settings

WHOLE = 100  # percent
LEAST = 5  # percent that is left for one whose share is not set
# Users of readyhost's own in Redis, and roles that PostgreSQL or SQL have.
_USERS = {"default", "operator", "postgres", "pgbouncer", "public", "none", "all", "user"}


def one_form(settings: Settings) -> Iterator[Conflict]:
    """With [apps] nothing is said of one application for all of them."""
    for key, instead in settings.both.items():
        yield Conflict((key,), f"with [apps] each application has its own: apps.NAME.{instead}")
    if settings.application and settings.application not in settings.apps:
        names = ", ".join(settings.apps) or "only one, which needs no name"
        yield Conflict(("application",), f"{settings.application} is none; there are {names}")


def shares_fit(settings: Settings) -> Iterator[Conflict]:
    """What the applications have together is divided, and something of it is left for each."""
    views = settings.applications if settings.apps else ()
    given = {view.app.name: view.app.share for view in views}
    chosen = [name for name in given if settings.apps[name].share_percent is not None]
    keys = tuple(f"apps.{name}.share_percent" for name in reversed(chosen))
    total = sum(given[name] for name in chosen)
    if total > WHOLE:
        yield Conflict(keys, f"the shares are {total} % in all, but there are {WHOLE}")
    elif poor := [name for name, share in given.items() if share < LEAST and name not in chosen]:
        wanted = keys or tuple(f"apps.{name}.share_percent" for name in poor)
        left = given[poor[0]]
        yield Conflict(wanted, f"{', '.join(poor)} would have {left} % each: at least {LEAST}")


def names_are_free(settings: Settings) -> Iterator[Conflict]:
    """Names of applications, databases and roles mean one thing each."""
    if not settings.apps:
        return
    for name in settings.apps:
        if name in _USERS or name in type(settings).model_fields:
            yield Conflict((f"apps.{name}",), f"{name} is a word of readyhost's own")
    views = settings.applications
    host = settings.postgres
    databases = Counter([*(view.postgres.database for view in views), *host.databases])
    users = Counter([*(view.postgres.user for view in views), *host.roles])
    second = {f"{view.postgres.user}_b" for view in views}
    for view in views:
        key = f"apps.{view.app.name}.database"
        if databases[view.postgres.database] > 1:
            yield Conflict((f"{key}.name",), f"{view.postgres.database} is another one's database")
        if users[view.postgres.user] > 1 or view.postgres.user in second:
            yield Conflict((f"{key}.user",), f"{view.postgres.user} is another one's role")
