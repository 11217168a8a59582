"""What is wrong with the values of an environment, in lines an operator can act on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

MASK = "**********"
_SHORTEST_MASKED = 4


@dataclass(frozen=True, order=True)
class Origin:
    """Where a value was given: `where` is a file with a line or the name of another source, `key`
    is spelt as it was there. Origins sort as an operator reads: file by file, line by line."""

    rank: int
    line: int
    where: str = field(compare=False)
    key: str = field(compare=False)

    def __str__(self) -> str:
        if not self.key:
            return self.where
        return f"{self.where}{' ' if self.where.startswith('-') else ': '}{self.key}"


@dataclass(frozen=True)
class Problem:
    """One error: where, and what would be right there, in words that follow the key's name."""

    origin: Origin
    message: str

    def __str__(self) -> str:
        return f"{self.origin}{':' if self.origin.key else ''} {self.message}"


@dataclass(frozen=True)
class Conflict:
    """Values that are right each and cannot work together. `keys` are dotted, the one that is
    most likely to be changed comes first."""

    keys: tuple[str, ...]
    message: str


def masked(text: str, secrets: Iterable[str]) -> str:
    """`text` without any of `secrets`."""
    for secret in sorted(secrets, key=len, reverse=True):
        if len(secret) >= _SHORTEST_MASKED:
            text = text.replace(secret, MASK)
    return text


def report(name: str, problems: Iterable[Problem]) -> str:
    """One sentence for one problem, a headline and a line each for more."""
    ordered = sorted(problems, key=lambda problem: problem.origin)
    lines = list(dict.fromkeys(str(problem) for problem in ordered))
    if len(lines) == 1:
        return lines[0]
    headline = f"{len(lines)} errors in the settings of {name}; nothing has been changed:"
    return "\n    ".join([headline, *lines])
