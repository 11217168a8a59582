"""Settings that are wrong in places, made whole so that the rest of them can be checked too."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings

from .places import KeyPath, Place, find
from .sources import merged

M = TypeVar("M", bound=BaseSettings)

# Taking a wrong value away can bring up one more error, in the table around it; not for long.
_ATTEMPTS = 4


def completed(model: type[M], values: Mapping[str, Any], wrong: Iterable[KeyPath]) -> M | None:
    """`model` of `values` with something valid instead of each `wrong` one: the default, or where
    there is none the first of the field's `examples`. None where that is not possible."""
    whole = merged(values)
    doubtful = set(wrong)
    for _ in range(_ATTEMPTS):
        for path in doubtful:
            _replace(model, whole, path)
        try:
            return model(**whole)
        except ValidationError as invalid:
            found = {_shortest(model, error["loc"]) for error in invalid.errors()}
            # The same again: what is wrong is the table as a whole.
            doubtful = {path[:-1] if path in doubtful else path for path in found} - {()}
    return None


def _replace(model: type[M], values: dict[str, Any], path: KeyPath) -> None:
    above, key = path[:-1], path[-1]
    table: Any = values
    for part in above:
        table = table.setdefault(part, {}) if isinstance(table, dict) else None
    if not isinstance(table, dict):
        return
    table.pop(key, None)
    stand_in = _stand_in(find(model, path))
    if stand_in is not None:
        table[str(key)] = stand_in


def _stand_in(place: Place | None) -> Any:
    if place is None or place.field is None or not place.field.is_required():
        return None
    if place.secret:
        return secrets.token_hex(32)
    return place.examples[0] if place.examples else "example"


def _shortest(model: type[M], path: KeyPath) -> KeyPath:
    """A path as far as it can be taken out of nested tables: not into a list."""
    table: list[str | int] = []
    for key in path:
        place = find(model, (*table, key))
        table.append(key)
        if place is None or place.kind != "table":
            break
    return tuple(table)
