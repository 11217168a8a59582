"""Values of another kind than their setting's, which pydantic would turn into one; and characters
that are for machines, which a person who reads a setting does not see."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from types import NoneType
from typing import Any, get_args

from pydantic import BaseModel

WORDS = {bool: "true or false", int: "a number", float: "a number"}


@dataclass(frozen=True)
class May:
    """Marks a text that may have control characters: those of `only`, or all but NUL."""

    only: str = ""


LINES = May("\n\t")
"""Of a text in lines."""

TABS = May("\t")
"""Of a command: blanks are what they are between words."""

ANYTHING = May()
"""Of a value that is a program's own: a variable may hold a key in lines, or codes."""

# Control characters, ends of lines and paragraphs, halves of characters.
_UNSEEN = ("Cc", "Zl", "Zp", "Cs")
# They make a text read otherwise than it is: what is after one is shown before it.
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def refuse(value: Any, annotation: Any, marks: Iterable[Any] = ()) -> None:
    """Raise ValueError when a leaf of `value` is a yes or no, or a number, where `annotation` has
    none (an address, a name, the other of the two), or a text with a NUL, which no file takes, or
    with another control character, where neither `marks`, the field's own, nor its annotation say
    that it May.

    Values of the process environment are texts, and parsed by their own setting.
    """
    kinds = _leaves(annotation)
    tables = any(isinstance(kind, type) and issubclass(kind, BaseModel) for kind in kinds)
    may = next((mark for mark in (*marks, *_marks(annotation)) if isinstance(mark, May)), None)
    for leaf in _values(value, tables):
        if isinstance(leaf, str):
            _readable(leaf, may)
        kind = type(leaf)
        wanted = {bool} if kind is bool else {int, float}
        if kind in WORDS and kinds and not kinds & wanted and Any not in kinds:
            raise ValueError(f"is {WORDS[kind]}, where {_wanted(kinds)} is wanted")


def _readable(text: str, may: May | None) -> None:
    if "\0" in text:
        raise ValueError("has a NUL character in it")
    if may == ANYTHING:
        return
    for character in text:
        unseen = unicodedata.category(character) in _UNSEEN or character in _TURNING
        if unseen and not (may and character in may.only):
            if character == "\n":
                raise ValueError("is not one line")
            raise ValueError(f"has a control character in it (U+{ord(character):04X})")


def _marks(annotation: Any) -> Iterator[Any]:
    """What an annotation and those inside of it are marked with."""
    yield from getattr(annotation, "__metadata__", ())
    for inner in get_args(annotation):
        yield from _marks(inner)


def _values(value: Any, tables: bool) -> list[Any]:
    """A value, or the members of a list or of names; a table is its own model's to look at."""
    if isinstance(value, dict):
        value = [] if tables else value.values()
    elif not isinstance(value, list | tuple | set):
        return [value]
    return [leaf for each in value for leaf in _values(each, tables)]


def _leaves(annotation: Any) -> set[Any]:
    """The plain types that an annotation is made of."""
    inner = [each for each in get_args(annotation) if each is not Ellipsis]
    if not inner:
        return {annotation} - {NoneType}
    if hasattr(annotation, "__metadata__"):
        return _leaves(inner[0])
    if any(isinstance(each, str | int) for each in inner):  # Literal
        return {type(each) for each in inner}
    return set().union(*map(_leaves, inner))


def _wanted(kinds: set[Any]) -> str:
    numbers = {int, float} & kinds
    return WORDS[int] if numbers else WORDS[bool] if bool in kinds else "a text"
