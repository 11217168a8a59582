"""READYHOST_…: values from the process environment and from NAME.env."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from dotenv.parser import parse_stream
from pydantic_settings import BaseSettings

from .keys import dotted
from .places import KeyPath, Place, find
from .problems import Origin
from .sources import NESTED, PREFIX, Source, shown


class Variables(Source):
    """Reads every variable that begins with READYHOST_, but those `ignored` by name."""

    rank = 2
    where = "environment"

    def __init__(
        self,
        settings_cls: type[BaseSettings],
        variables: Mapping[str, str],
        ignored: Iterable[str] = (),
    ) -> None:
        super().__init__(settings_cls)
        for name, text in sorted(variables.items()):
            if name.startswith(PREFIX) and name not in ignored:
                self.assign(name, text, Origin(self.rank, 0, self.where, name))

    def spell(self, path: KeyPath) -> str:
        return variable(self.settings_cls, path)

    def assign(self, name: str, text: str, origin: Origin) -> None:
        """Take the value of a variable."""
        self.take(_path(self.settings_cls, name.removeprefix(PREFIX)), text, origin)


class SecretsFile(Variables):
    """Reads NAME.env with python-dotenv: quotes and comments as there, `$` is only a dollar."""

    rank = 1

    def __init__(self, settings_cls: type[BaseSettings], file: Path) -> None:
        super().__init__(settings_cls, {})
        self.where = shown(file)
        if not file.exists():
            return
        if (mode := file.stat().st_mode) & 0o077:
            self.refuse(
                self.origin(()), f"has mode {mode & 0o777:04o}, run: chmod 600 {self.where}"
            )
        try:
            with file.open(encoding="utf-8") as stream:
                bindings = list(parse_stream(stream))
        except (UnicodeDecodeError, OSError):
            self.refuse(self.origin(()), "cannot be read as UTF-8 text")
            return
        for binding in bindings:
            # A binding's text begins with the empty lines and comments above it.
            text = binding.original.string
            line = binding.original.line + text[: len(text) - len(text.lstrip())].count("\n")
            self._bind(binding.key, binding.value, binding.error, line)

    def _bind(self, name: str | None, text: str | None, broken: bool, line: int) -> None:
        origin = Origin(self.rank, line, f"{self.where}:{line}", name or "")
        if broken:
            self.refuse(origin, "is not NAME=value")
        elif name is None:
            return
        elif not name.startswith(PREFIX):
            self.secrets.add(text or "")
            self.refuse(origin, f"is unknown; names begin with {PREFIX}")
        elif text is None:
            self.refuse(origin, "has no value")
        else:
            self.assign(name, text, origin)


def variable(model: type[BaseSettings], path: KeyPath) -> str:
    """The name of the variable that sets a key."""
    names = []
    for position, key in enumerate(path):
        if isinstance(key, int):
            return variable(model, path[:position]) + dotted(path[position:])
        above = find(model, path[:position])
        names.append(str(key) if above and _keeps_case(above) else str(key).upper())
    return PREFIX + NESTED.join(names) if names else ""


def _path(model: type[BaseSettings], name: str) -> KeyPath:
    """The key that a variable sets. Names in a mapping to scalars, an application's own variables,
    keep their case and may have a double underscore; others in capitals are lower case."""
    path: list[str] = []
    place: Place | None = Place(model)
    rest = name
    while rest:
        if place and _keeps_case(place):
            key, rest = rest, ""
        else:
            key, _, rest = rest.partition(NESTED)
            key = key.lower() if key.isupper() else key
        path.append(key)
        place = place and place.step(key)
    return tuple(path)


def _keeps_case(place: Place) -> bool:
    return place.kind == "mapping" and (place.items is None or place.items.kind == "scalar")
