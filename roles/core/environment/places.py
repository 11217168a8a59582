"""Where in a model a key leads, and what kind of value belongs there."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, SecretBytes, SecretStr, TypeAdapter
from pydantic.fields import FieldInfo

KeyPath = tuple[str | int, ...]
Kind = Literal["table", "mapping", "list", "scalar"]
TABLES = ("table", "mapping")  # what has keys of its own


@dataclass(frozen=True)
class Place:
    """A key's type. `field` is the model field it is or is part of, None for the whole model."""

    annotation: Any
    field: FieldInfo | None = None

    @property
    def members(self) -> tuple[Any, ...]:
        """The annotation without Annotated, Optional and Union: its alternatives."""
        return tuple(_alternatives(self.annotation))

    @property
    def model(self) -> type[BaseModel] | None:
        """The model whose fields are the keys below this place, if there is one."""
        return next((member for member in self.members if _is_model(member)), None)

    @property
    def kind(self) -> Kind:
        """What the value is in TOML: a table of known keys or of any, a list, or a scalar."""
        origins = [get_origin(member) or member for member in self.members]
        if self.model:
            return "table"
        if any(_is(origin, Mapping) for origin in origins):
            return "mapping"
        if any(_is(origin, Sequence, set, frozenset) for origin in origins):
            return "list"
        return "scalar"

    @property
    def secret(self) -> bool:
        """Whether the value is, or holds, a secret that no message may show."""
        return any(_holds_secret(member) for member in self.members)

    @property
    def schema(self) -> dict[str, Any]:
        """What may be given, as JSON schema."""
        return TypeAdapter(self.annotation).json_schema()

    @property
    def description(self) -> str:
        """What the field says of itself."""
        return (self.field and self.field.description) or ""

    @property
    def examples(self) -> list[Any]:
        """What the field gives as examples of itself."""
        return (self.field and self.field.examples) or []

    @property
    def items(self) -> Place | None:
        """The place of every item of a list, or of every value of a mapping."""
        for member in self.members:
            arguments = get_args(member)
            if self.kind == "mapping" and len(arguments) == 2:
                return Place(arguments[1], self.field)
            if self.kind == "list" and arguments:
                return Place(arguments[0], self.field)
        return None

    def step(self, key: str | int) -> Place | None:
        """The place of `key` below this one; None if there is no such key."""
        if self.model:
            field = self.model.model_fields.get(str(key))
            return place_of(field) if field else None
        return self.items if isinstance(key, int) == (self.kind == "list") else None


def place_of(field: FieldInfo) -> Place:
    """The place of a model's field, with all its constraints."""
    annotation: Any = field.annotation
    for constraint in field.metadata:
        annotation = Annotated[annotation, constraint]
    return Place(annotation, field)


def find(model: type[BaseModel], path: KeyPath) -> Place | None:
    """The place that `path` leads to from `model`, None if it leads nowhere."""
    place: Place | None = Place(model)
    for key in path:
        place = place and place.step(key)
    return place


def _alternatives(annotation: Any) -> Iterator[Any]:
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _alternatives(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for member in get_args(annotation):
            yield from _alternatives(member)
    elif annotation is not types.NoneType:
        yield annotation


def _is(origin: Any, *kinds: type) -> bool:
    return (
        isinstance(origin, type)
        and issubclass(origin, kinds)
        and not issubclass(origin, str | bytes)
    )


def _is_model(member: Any) -> bool:
    return isinstance(member, type) and issubclass(member, BaseModel)


def _holds_secret(annotation: Any) -> bool:
    if _is(annotation, SecretStr, SecretBytes):
        return True
    return any(_holds_secret(part) for part in get_args(annotation))
