"""What pyinfra works out anew for each operation, worked out once, or only as far as it is used.

It is a fifth of a second run's processor time, and most of what a further host costs. It knows
pyinfra's inside: where that has changed, pyinfra does as it always did.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache
from types import FrameType
from typing import Any, NamedTuple


class Place(NamedTuple):
    """Where a frame stands: as much as pyinfra reads of `inspect.Traceback`."""

    filename: str
    lineno: int


def place(frame: FrameType) -> Place:
    """inspect.getframeinfo, which would also look for the text around it: it searches all modules
    that are loaded, for each frame of each operation."""
    return Place(frame.f_code.co_filename, frame.f_lineno)


def stack() -> list[tuple[FrameType]]:
    """The frames of inspect.stack, the caller's first, with nothing looked up about them."""
    found = []
    frame: FrameType | None = sys._getframe(1)
    while frame:
        found.append((frame,))
        frame = frame.f_back
    return found


def replace() -> None:
    """Have pyinfra use them. Facts look for the names that their arguments may not have when their
    classes are made, so this comes before those are imported."""
    from pyinfra.api import arguments, facts, util

    names: Callable[[], Any] = cache(arguments.all_global_arguments)
    for module in (arguments, facts):
        _put(module, all_global_arguments=names)
    _put(util, stack=stack, getframeinfo=place)


def _put(module: Any, **values: Any) -> None:
    for name, value in values.items():
        if hasattr(module, name):
            setattr(module, name, value)
