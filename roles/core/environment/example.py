"""NAME.toml and NAME.env as they could be: every value with its default and what it is for."""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import wrap
from typing import Any

from pydantic import BaseModel
from pydantic_core import PydanticUndefined
from pydantic_settings import BaseSettings

from .keys import dotted
from .places import KeyPath, Place, place_of
from .toml_text import toml
from .variables import variable
from .wording import allowed

_WIDTH = 100
_NAME = "NAME"
SCHEMA_LINE = "#:schema ./schema.json"
_TOML_HEAD = f"""\
{SCHEMA_LINE}
# Every value of an environment. `make environment NAME=prod` makes a prod.toml of those that have
# no '#' in front: they must be set. The others show their default and may stay away. Secrets are
# never here: they are in prod.env. docs/settings.md says how values flow.
"""
_ENV_HEAD = """\
# Every secret of an environment. `make environment NAME=prod` makes a prod.env, mode 0600, with a
# random value for each that has no '#' in front: they must be set. It is never committed: keep a
# copy where the team keeps its passwords. Other values may be here too, by the same kind of name.
"""


def toml_example(model: type[BaseModel]) -> str:
    """A TOML document with every key of `model` but the secrets."""
    return _TOML_HEAD + "".join(f"{line}\n" for line in _table(model, (), None))


def env_example(model: type[BaseSettings]) -> str:
    """A NAME.env with every secret of `model`: those that are required, and the others as
    comments."""
    lines: list[str] = []
    needed = list(required(model, secret=True))
    for path, place in _secrets(model, ()):
        mark = "" if path in needed else "# "
        lines += ["", *_comment(place.description), f"{mark}{variable(model, path)}="]
    return _ENV_HEAD + "".join(f"{line}\n" for line in lines)


def required(model: type[BaseModel], *, secret: bool) -> Iterator[KeyPath]:
    """The keys that an environment cannot do without."""
    for name, field in model.model_fields.items():
        place = place_of(field)
        if place.model and place.kind == "table":
            below = required(place.model, secret=secret) if field.is_required() else ()
            yield from ((name, *path) for path in below)
        elif field.is_required() and place.secret == secret:
            yield (name,)


def _table(
    model: type[BaseModel], above: KeyPath, defaults: BaseModel | None, mark: str = ""
) -> Iterator[str]:
    """The lines of a table: its own keys first, then the tables in it. `defaults` is its default
    as a whole; `mark` is '# ' where the table is only an example of its kind."""
    inner: list[tuple[KeyPath, Place, Any]] = []
    for name, field in model.model_fields.items():
        place = place_of(field)
        default = getattr(defaults, name, field.get_default(call_default_factory=False))
        if place.secret:
            continue
        if place.model or (place.items and place.items.model):
            inner.append(((*above, name), place, default))
        else:
            yield from ("", *key_lines(name, place, default, mark))
    for path, place, default in inner:
        yield from _inner(path, place, default, mark)


def _inner(path: KeyPath, place: Place, default: Any, mark: str) -> Iterator[str]:
    yield from ("", *_comment(place.description))
    if place.model:
        yield f"{mark}[{dotted(path)}]"
        yield from _table(
            place.model, path, default if isinstance(default, BaseModel) else None, mark
        )
    elif place.items and place.items.model:
        path = (*path, _NAME) if place.kind == "mapping" else path
        yield f"# [{dotted(path)}]" if place.kind == "mapping" else f"# [[{dotted(path)}]]"
        yield from _table(place.items.model, path, None, "# ")


def key_lines(
    name: str, place: Place, default: Any = PydanticUndefined, mark: str = ""
) -> Iterator[str]:
    """The lines of one key: what it is for, what is allowed, its default behind '#'. A key that
    must be set is left empty, unless `mark` says that it is an example's."""
    yield from _comment(place.description, _bounds(place))
    if default is PydanticUndefined:
        examples = place.examples
        value = toml(_sample(place) if mark else "")
        line = f"{mark}{name} = {value}"
        yield f"{line}  # such as {examples[0]}" if examples else line
    elif default is None:
        yield f"# {name} = {toml(_sample(place))}  # only an example: not set by default"
    else:
        yield from (f"# {line}" for line in f"{name} = {toml(default)}".splitlines())


def _bounds(place: Place) -> str:
    """What is allowed, where that is a range or a choice."""
    words = allowed(place)
    telling = (" from ", " at least ", " at most ", "one of ")
    return f"{words[0].upper()}{words[1:]}." if any(each in words for each in telling) else ""


def _sample(place: Place) -> Any:
    """Something valid, or at least of the right type, for a field without a default."""
    if place.examples:
        return place.examples[0]
    schema = place.schema
    alternatives = [*schema.get("anyOf", ()), schema]
    for key in ("minimum", "enum"):
        for alternative in alternatives:
            if key in alternative:
                return alternative[key][0] if key == "enum" else alternative[key]
    return [] if place.kind == "list" else ""


def _secrets(model: type[BaseModel], above: KeyPath) -> Iterator[tuple[KeyPath, Place]]:
    for name, field in model.model_fields.items():
        place, path = place_of(field), (*above, name)
        if place.secret:
            yield (*path, _NAME) if place.kind == "mapping" else path, place
        elif place.model:
            yield from _secrets(place.model, path)
        elif place.kind == "mapping" and place.items and place.items.model:
            yield from _secrets(place.items.model, (*path, _NAME))


def _comment(*paragraphs: str) -> Iterator[str]:
    for paragraph in paragraphs:
        yield from (f"# {line}" for line in wrap(paragraph, _WIDTH - 2, break_long_words=False))
