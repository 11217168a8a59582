"""An entry of a lock file, read so that what is wrong with it is said in words, with its place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any


class Broken(ValueError):
    """What is wrong with a lock file, and where in it."""


@dataclass(frozen=True)
class Entry:
    """A table of a lock file. where: what a message calls it; empty for the whole file."""

    values: Mapping[str, Any]
    where: str = ""

    def text(self, key: str, default: str | None = None) -> str:
        """A text. Raises Broken for what is none, and without a default for one that is missing."""
        value = self._value(key, default)
        if not isinstance(value, str):
            raise self.broken(key, "is no text")
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...]:
        """A list of texts, likewise."""
        value = self._value(key, default)
        if not isinstance(value, (list, tuple)) or not all(isinstance(v, str) for v in value):
            raise self.broken(key, "is no list of texts")
        return tuple(value)

    def table(self, key: str) -> Entry:
        """A table in this one; an empty one where there is none."""
        return Entry(self._table(key, self.values.get(key, {})), self._name(key))

    def tables(self, key: str) -> Iterator[Entry]:
        """The tables of a list, or none."""
        listed = self.values.get(key, [])
        if not isinstance(listed, list):
            raise self.broken(key, "is no list")
        for number, value in enumerate(listed, 1):
            where = self._name(f"{key} {number}")
            name = value.get("name") if isinstance(value, dict) else None
            yield Entry(self._table(where, value), f"{where} ({name})" if name else where)

    def named(self, key: str) -> Iterator[tuple[str, Entry]]:
        """The tables of a table, by name."""
        for name in self.table(key).values:
            yield name, self.table(key).table(name)

    def broken(self, key: str, what: str) -> Broken:
        """The error that `key` is something, to be raised."""
        return Broken(f"{self._name(key)} {what}")

    def _value(self, key: str, default: Any) -> Any:
        value = self.values.get(key, default)
        if value is None:
            raise Broken(f"{self.where} has no {key}" if self.where else f"it has no {key}")
        return value

    def _table(self, key: str, value: Any) -> Mapping[str, Any]:
        if not isinstance(value, dict):
            raise self.broken(key, "is no table")
        return value

    def _name(self, key: str) -> str:
        return f"{self.where}: {key}" if self.where else key
