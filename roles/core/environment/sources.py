"""A place that values come from, as pydantic-settings sees it, which remembers what was where."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource

from .keys import dotted, suggestion
from .places import TABLES, KeyPath, Place, find
from .problems import Origin, Problem

PREFIX = "READYHOST_"
NESTED = "__"


class Source(PydanticBaseSettingsSource):
    """Values of one source: nested in `values`, each with its `origins`, and what is wrong with
    the source itself in `problems`, `refused` being the keys whose value was not taken.
    `secrets` are texts that no message may show."""

    rank = 0
    where = ""

    def __init__(self, settings_cls: type[BaseSettings]) -> None:
        super().__init__(settings_cls)
        self.values: dict[str, Any] = {}
        self.origins: dict[KeyPath, Origin] = {}
        self.problems: list[Problem] = []
        self.secrets: set[str] = set()
        self.refused: set[KeyPath] = set()

    def __call__(self) -> dict[str, Any]:
        return self.values

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        return self.values.get(field_name), field_name, False

    def spell(self, path: KeyPath) -> str:
        """A key as it is written in this source."""
        return dotted(path)

    def depth(self, path: KeyPath) -> int:
        """How many parts of a key this source has: all if it gives the key, 0 if nothing of it."""
        return next((n for n in range(len(path), 0, -1) if path[:n] in self.origins), 0)

    def origin(self, path: KeyPath) -> Origin:
        """Where a key is in this source, or would have to be."""
        if depth := self.depth(path):
            given = self.origins[path[:depth]]
            return given if depth == len(path) else replace(given, key=self.spell(path))
        return Origin(self.rank, 0, self.where, self.spell(path))

    def refuse(self, origin: Origin, message: str, path: KeyPath = ()) -> None:
        """Note that something in this source is wrong, and whose value is not taken for it."""
        self.problems.append(Problem(origin, message))
        if path:
            self.refused.add(path)

    def unknown(self, path: KeyPath) -> str:
        """What to say of a key that the model does not have."""
        meant = suggestion(self.settings_cls, path)
        return f"is unknown; did you mean {self.spell(meant)}?" if meant else "is unknown"

    def take(self, path: KeyPath, text: str, origin: Origin) -> None:
        """Put the value that was given as text at its place."""
        place = find(self.settings_cls, path)
        if place is None or not path:
            self.secrets.add(text)
            self.refuse(origin, self.unknown(path))
            return
        if place.secret:
            self.secrets.add(text)
        if path in self.origins:
            self.refuse(origin, f"is given twice, see {self.origins[path]}")
            return
        try:
            value = _value(place, text)
        except ValueError as error:
            self.refuse(origin, str(error), path)
            return
        if place.secret:
            self.secrets.update(_texts(value))
        self.origins[path] = origin
        inner = self.values
        for key in path[:-1]:
            inner = inner.setdefault(str(key), {})
        _merge(inner, {str(path[-1]): value})


def merged(*layers: Mapping[str, Any]) -> dict[str, Any]:
    """The layers as one, the first that has a key wins; tables are merged, lists are not."""
    result: dict[str, Any] = {}
    for layer in reversed(layers):
        _merge(result, layer)
    return result


def shown(file: Path) -> str:
    """A file's name for a message: relative, if it is below the current directory."""
    try:
        return str(file.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(file)


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif value is not None:
        yield str(value)


def _merge(into: dict[str, Any], layer: Mapping[str, Any]) -> None:
    for key, value in layer.items():
        if isinstance(value, Mapping):
            if not isinstance(into.get(key), dict):
                into[key] = {}
            _merge(into[key], value)
        else:
            into[key] = value


def _value(place: Place, text: str) -> Any:
    """Text as the value of a place: scalars are left to the model, the others are JSON, and a list
    of scalars may be separated by commas. Raises ValueError that says how to write it."""
    if place.kind == "scalar":
        return text
    items = place.items
    simple = place.kind == "list" and (items is None or items.kind == "scalar")
    if simple and not text.lstrip().startswith("["):
        return [item.strip() for item in text.split(",") if item.strip()]
    try:
        value = json.loads(text)
        if isinstance(value, dict if place.kind in TABLES else list):
            return value
        raise ValueError
    except ValueError:
        shape = '["a", "b"]' if place.kind == "list" else '{"name": "value"}'
        raise ValueError(f"must be JSON here, such as {shape}") from None
