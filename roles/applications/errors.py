"""What is wrong with one of several applications, in the keys that the user wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from roles.core.environment import Conflict
from roles.core.errors import OperatorError
from roles.core.together import again, alone

_KEY = re.compile(r"(?<![\w./-])app(?=\.[a-z]|: )")
# With all that is below them.
_TABLES = {
    "postgres.source": "database.source",
    "postgres.external": "database.external",
    "redis.source": "redis.source",
    "redis.external": "redis.external",
}
_TOP = ("domain", "aliases")
_SLICES = {
    "postgres.password": "database.password",
    "postgres.user": "database.user",
    "postgres.database": "database.name",
    "postgres.extensions": "database.extensions",
    "redis.password": "redis.password",
}


def own_keys(text: str, name: str) -> str:
    """`text` with the keys of `[app]` as those of the application `name`; as it is for none.

    >>> own_keys("app.web.instances is 9", "shop")
    'apps.shop.web.instances is 9'
    """
    return _KEY.sub(f"apps.{name}", text) if name else text


@contextmanager
def in_keys_of(name: str) -> Iterator[None]:
    """Errors about the application `name` name its own keys; empty for the short form."""
    try:
        yield
    except OperatorError as error:
        if not name:
            raise
        raise again(error, [own_keys(each, name) for each in alone(error)]) from None


def own_conflict(conflict: Conflict, name: str) -> Conflict:
    """A conflict of an application's view as one of the settings that the user wrote."""
    if not name:
        return conflict
    return Conflict(
        tuple(_own_key(key, name) for key in conflict.keys), own_keys(conflict.message, name)
    )


def _own_key(key: str, name: str) -> str:
    if key in _TOP or key.startswith("app."):
        return f"apps.{name}.{key.removeprefix('app.')}"
    for mine, its in _TABLES.items():
        if key.startswith(mine):
            return f"apps.{name}.{its}{key.removeprefix(mine)}"
    return f"apps.{name}.{_SLICES[key]}" if key in _SLICES else key
