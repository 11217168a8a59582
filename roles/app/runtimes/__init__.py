"""The runtimes: what releases are built and run with. Each is a file beside this one, and a name in
`Kind`; nothing else knows one of them by name.

A file is imported when it is first asked for: settings know the names alone.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Literal, cast, get_args

if TYPE_CHECKING:
    from .runtime import Runtime

Kind = Literal["python", "node", "command", "static"]
"""`command` is any language that has no file here; `static` runs nothing."""


@lru_cache
def of(kind: str) -> Runtime:
    """The runtime of that name."""
    return cast("Runtime", import_module(f"{__name__}.{kind}").RUNTIME)


def every() -> tuple[Runtime, ...]:
    """All of them."""
    return tuple(of(kind) for kind in get_args(Kind))


def found(files: Collection[str]) -> list[Runtime]:
    """Those whose files are among the names at an application's root."""
    return [each for each in every() if each.files & set(files)]


def of_program(name: str) -> str:
    """The kind of what a program serves; empty where none of them knows it."""
    return next((each.name for each in every() if each.serves(name)), "")


def rivals(files: Collection[str]) -> str:
    """The languages whose files are there, in words."""
    return " and of ".join(each.title for each in found(files))


def values(files: Collection[str]) -> str:
    """The same as values of `kind`."""
    return " or ".join(f'"{each.name}"' for each in found(files))
