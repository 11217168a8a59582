"""A step that is neither a file nor a service: commands, and the question whether they are due."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from .step import QUICK, Do, Due


def holds(test: str) -> str:
    """Shell: prints `yes` when the shell test succeeds, else `no`."""
    return f"if ( {test}\n) >/dev/null 2>&1 </dev/null; then echo yes; else echo no; fi"


@dataclass(frozen=True)
class Commands:
    """`commands` run in one shell that stops at the first failure, unless `unless` succeeds.

    + unless: a shell test without side effects; its success means that nothing is to be done
    + once: whether it is a step of this run alone, and nothing that stays wanted
    + takes: about how long `unless` takes, milliseconds
    + stdin: text for the commands' standard input, the way for secrets, which no argument may hold
    """

    name: str
    unless: str
    commands: Sequence[str]
    stdin: str | None = field(default=None, repr=False)
    once: bool = False
    takes: int = QUICK

    def question(self) -> str:
        return holds(self.unless)

    def wants(self) -> str:
        return "" if self.once else "\n".join([self.unless, *self.commands, self.stdin or ""])

    def due(self, lines: Sequence[str]) -> Due:
        if list(lines[-1:]) == ["yes"]:
            return Due()
        return Due((Do("\n".join(["set -e", *self.commands]), self.stdin),))
