"""Whether the kernel takes its clock for right, as whoever sets it has told it."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

from .configuration import Configuration
from .exposition import Sample

UNSYNCHRONISED = 5  # TIME_ERROR
SIZE = 256  # bytes; struct timex has 208


def look(_: Configuration, __: dict[str, Any]) -> Iterator[Sample]:
    # With modes 0 nothing is set: it is only asked.
    state = ctypes.CDLL(None, use_errno=True).adjtimex(ctypes.create_string_buffer(SIZE))
    if state < 0:
        raise OSError(ctypes.get_errno(), "adjtimex")
    yield Sample("readyhost_clock_synchronised", float(state != UNSYNCHRONISED))
