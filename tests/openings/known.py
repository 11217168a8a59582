"""What root and postgres open below folders that others may write, by a path in which a link would
be followed, and why that gives nobody anything. docs/security.md has the same list."""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Known:
    """program and path: patterns of the whole. what, why: the words of docs/security.md."""

    user: str
    program: str
    path: str
    what: str
    why: str

    def has(self, user: str, program: str, path: str) -> bool:
        return (
            user == self.user
            and re.fullmatch(self.program, program) is not None
            and re.fullmatch(self.path, path) is not None
        )


KNOWN: tuple[Known, ...] = ()
