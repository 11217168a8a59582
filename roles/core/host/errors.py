"""What goes wrong on a host, in words for whoever started a program there."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from .plain import plain


class HostError(Exception):
    """It did not happen, and why: lines for the operator. Programs print them and end with 1. Names
    of files and tables in them are others' text: at a terminal and in a mail they are nothing else.
    """

    def __str__(self) -> str:
        return plain(super().__str__())


def advised(said: str, table: Iterable[tuple[str, str]]) -> str:
    """What a program said, and the advice for the first known reason in it.

    table: patterns of reasons, capital or small letters alike, and what to do about each.
    """
    for pattern, advice in table:
        if re.search(pattern, said, re.IGNORECASE):
            return f"{said}\n=> {advice}"
    return said


def require_root() -> None:
    """Raise HostError for everybody but root."""
    if os.geteuid() != 0:
        raise HostError("only root can do that; use sudo")
