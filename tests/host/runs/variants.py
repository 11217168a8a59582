"""Settings with one value at one of its ends: least, most, a choice, a text of a pattern."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

import hypothesis
from annotated_types import Ge, Le
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from settings import Settings

ROUND = hypothesis.settings(
    max_examples=2, derandomize=True, database=None, deadline=None,
    suppress_health_check=list(hypothesis.HealthCheck),
)  # fmt: skip
"""Few, since each asks the host, and the same ones each time."""


def leaves(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The settings of a table and those in it: path, and the values to try."""
    for name, field in model.model_fields.items():
        kind = field.annotation
        if get_origin(kind) in (Union, UnionType):
            kind = next(each for each in get_args(kind) if each is not NoneType)
        patterns = [each.pattern for each in field.metadata if getattr(each, "pattern", None)]
        if kind is str and patterns:
            yield (*path, name), texts(patterns[0])
        elif isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from leaves(kind, (*path, name))
        elif get_origin(kind) is Literal:
            yield (*path, name), get_args(kind)
        elif kind is bool:
            yield (*path, name), (True, False)
        elif kind in (int, float):
            ends = [
                *(each.ge for each in field.metadata if isinstance(each, Ge)),
                *(each.le for each in field.metadata if isinstance(each, Le)),
            ]
            yield (*path, name), tuple(ends)


def texts(pattern: str) -> tuple[str, ...]:
    """Some texts of a pattern, the same ones each time."""
    found: list[str] = []

    @ROUND
    @given(st.from_regex(pattern, fullmatch=True))
    def collect(text: str) -> None:
        found.append(text)

    collect()
    return tuple(found)


def with_administrators(whole: Settings) -> Settings:
    """The settings with administrators of many names: those that are taken."""
    changed = whole.model_dump()
    for name in (f"a{text}" for text in texts("[a-z0-9_-]{0,30}")):
        admins = {**changed["base"]["admins"], name: ["ssh-ed25519 " + "A" * 68]}
        candidate = {**changed, "base": {**changed["base"], "admins": admins}}
        with suppress(ValidationError):
            Settings.model_validate(candidate)
            changed = candidate
    assert changed["base"]["admins"]
    return Settings.model_validate(changed)


def variants(whole: Settings, table: str) -> Iterator[tuple[str, Settings]]:
    """The settings with one value of a table at one of its ends, where the whole model takes it."""
    for path, values in leaves(type(getattr(whole, table))):
        if path[-1] == "source":
            continue  # a service that is elsewhere has no file here
        for value in values:
            changed = whole.model_dump()
            place = changed[table]
            for part in path[:-1]:
                place = place[part]
            place[path[-1]] = value
            try:
                yield f"{'.'.join(path)}={value}", Settings.model_validate(changed)
            except ValidationError:
                continue
