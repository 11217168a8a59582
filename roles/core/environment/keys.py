"""The keys of a model: all of them, how they are written, and which one was meant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from .places import KeyPath, find, place_of

UNITS = ("seconds", "minutes", "hours", "days", "mb", "kb", "percent", "per_minute")
"""What the names of settings end with. Many had none before version 0.2."""


def known(model: type[BaseModel], path: KeyPath) -> KeyPath:
    """As much of `path` as exists; pydantic puts the names of types behind it."""
    for length in range(len(path), 0, -1):
        if find(model, path[:length]):
            return path[:length]
    return ()


def fields(model: type[BaseModel], above: KeyPath = ()) -> Iterator[tuple[KeyPath, FieldInfo]]:
    """Every field of `model` and of the models below it, in their order, with its path."""
    for name, field in model.model_fields.items():
        place = place_of(field)
        if place.model and not place.items:
            yield from fields(place.model, (*above, name))
        else:
            yield (*above, name), field


def tables(model: type[BaseModel]) -> dict[str, Any]:
    """Empty tables where the model needs one, so that what is missing in them has a name."""
    found: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        inner = place_of(field).model
        if inner and field.is_required():
            found[name] = tables(inner)
    return found


def named_tables(model: type[BaseModel], values: Mapping[str, Any]) -> dict[str, Any]:
    """The same inside of the tables that `values` have under names of their own."""
    found: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        items, given = place_of(field).items, values.get(name)
        if items and items.model and isinstance(given, Mapping):
            found[name] = {str(key): tables(items.model) for key in given}
    return found


def dotted(path: KeyPath) -> str:
    """A path as a person writes it: ``app.workers.mail``, ``firewall.allow, item 2, port``."""
    text = ""
    for position, key in enumerate(path):
        if isinstance(key, int):
            text += f", item {key + 1}"
        elif position and isinstance(path[position - 1], int):
            text += f", {key}"
        else:
            text += f".{key}" if text else key
    return text


def _beside(model: type[BaseModel], path: KeyPath) -> list[str]:
    """The keys that there are in the place of `path`, also where a table has a name of its own."""
    place = find(model, path[:-1])
    return [*place.model.model_fields] if place and place.model else []


def suggestion(model: type[BaseModel], path: KeyPath) -> KeyPath | None:
    """The key that whoever wrote the unknown `path` is likely to have meant."""
    for unit in UNITS:
        if path and find(model, with_unit := (*path[:-1], f"{path[-1]}_{unit}")):
            return with_unit
    every = [each for each, _ in fields(model)]
    same_depth = {each[: len(path)] for each in every if len(each) >= len(path)}
    spelt = {dotted(each): each for each in sorted(same_depth)}
    if path and (near := get_close_matches(str(path[-1]), _beside(model, path), 1, 0.75)):
        return (*path[:-1], near[0])
    if close := get_close_matches(dotted(path), spelt, 1, 0.75):
        return spelt[close[0]]
    same_name = [each for each in every if each[-1] == path[-1]]
    return same_name[0] if len(same_name) == 1 else None
