"""What pydantic refused, key by key, and who gave the key."""

from __future__ import annotations

from collections.abc import Sequence

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from .keys import known
from .places import KeyPath, find
from .problems import Origin
from .sources import Source
from .wording import allowed, explain

# Left behind by an error elsewhere, which is reported itself.
_CONSEQUENCES = ("default_factory_not_called",)
_NAME = "[key]"


def by_path(model: type[BaseModel], invalid: ValidationError) -> dict[KeyPath, list[ErrorDetails]]:
    """Pydantic's errors, those of one key together: a union has one for each of its members."""
    found: dict[KeyPath, list[ErrorDetails]] = {}
    for error in invalid.errors(include_url=False, include_input=False):
        if error["type"] in _CONSEQUENCES:
            continue
        unknown = error["type"] == "extra_forbidden"
        path = error["loc"] if unknown else known(model, error["loc"])
        found.setdefault(path, []).append(error)
    return found


def explain_all(
    model: type[BaseModel], path: KeyPath, errors: Sequence[ErrorDetails], source: Source
) -> str:
    """One sentence without subject for all errors of a key that `source` gave."""
    if errors[0]["type"] == "extra_forbidden":
        return source.unknown(path)
    place = find(model, path)
    messages = dict.fromkeys(
        ("as a name " if _NAME in error["loc"] else "") + explain(error, place) for error in errors
    )
    if len(messages) > 1 and place:
        return f"must be {allowed(place)}"
    return next(iter(messages))


def giver(sources: Sequence[Source], *paths: KeyPath) -> Source:
    """The source to put right: the one with the highest precedence that defines any of `paths`,
    tried in order; else the one that defines the nearest enclosing table; else NAME.toml."""
    for path in paths:
        for source in sources:
            if path in source.origins:
                return source
    return max(reversed(sources), key=lambda source: source.depth(paths[0]))


def origin(sources: Sequence[Source], *paths: KeyPath) -> Origin:
    """Where to put it right."""
    source = giver(sources, *paths)
    return source.origin(next((path for path in paths if path in source.origins), paths[0]))
