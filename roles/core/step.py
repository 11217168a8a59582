"""A step of a plan: one question to a host, and what follows from the answer. Nothing here acts, or
knows what does: `execute` asks and acts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from .once_for_all import Once
from .undo import Guard, directory

Ask = Callable[[str], list[str]]
"""Shell text in, the lines that it prints on the host out."""


NOTHING = "true"
"""The question of a step that asks nothing: no command is sent for it alone."""


QUICK = 5
"""Milliseconds that most questions take, which read files. A step whose question takes much longer
says so as `takes`."""


@dataclass(frozen=True)
class Do:
    """One command on the host.

    + command: shell text; it holds no secret
    + stdin: its standard input, the way for secrets
    + words: what is said before it, a line each
    + asks: shell text whose lines are said when it is done
    + once: what the operator's machine does once for all hosts when this has succeeded
    + tells: whether what it says of its end is shown at the end of the run (told.py)
    """

    command: str
    stdin: str | None = field(default=None, repr=False)
    words: tuple[str, ...] = ()
    asks: str = ""
    tells: bool = False
    once: Once | None = None


@dataclass(frozen=True)
class Due:
    """What a step has to do on a host, in order; nothing where all is as wanted.

    + words: what is said first, a line each
    + fine: what -v says where nothing is to be done
    + details: what --diff says
    + warnings: what the run says at its very end
    + guard: what the host undoes by itself unless it is confirmed
    + waits: whether a change of an earlier run waits under that guard
    + confirms: the guard whose change is to be proved over a new connection
    """

    do: tuple[Do, ...] = ()
    words: tuple[str, ...] = ()
    fine: str = "nothing to do"
    details: Callable[[Ask], list[str]] | None = None
    warnings: tuple[str, ...] = ()
    guard: Guard | None = None
    waits: bool = False
    confirms: Guard | None = None


class Unanswered(Exception):
    """The connection was lost, or a question was not answered to its end."""


class Step(Protocol):
    """A frozen dataclass with these. Two more may be there: `takes`, the milliseconds that a host
    needs for the answer (QUICK without it), and `is_whole`: it is done as a whole or not at all."""

    @property
    def name(self) -> str:
        """What pyinfra and people call it: `Role | what`."""

    def question(self) -> str:
        """Shell text that changes nothing, and prints what `due` reads."""

    def due(self, lines: Sequence[str]) -> Due:
        """What is to be done on a host that answered `lines`."""

    def wants(self) -> str:
        """What it wants of the host for good, as text that changes when a setting does; empty for
        nothing. Only a digest of it leaves this process: it may hold a secret."""


@dataclass(frozen=True)
class Guarded:
    """A step that could lock the operator out. The host prepares its undo before it begins."""

    step: Step
    guard: Guard

    @property
    def name(self) -> str:
        return self.step.name

    def question(self) -> str:
        return f"{_waits(self.guard)}\n{self.step.question()}"

    def wants(self) -> str:
        return self.step.wants()

    def due(self, lines: Sequence[str]) -> Due:
        return replace(
            self.step.due(lines[1:]), guard=self.guard, waits=list(lines[:1]) == ["waits"]
        )


@dataclass(frozen=True)
class UntilLive:
    """A step that holds until the release is live; `lasting` is what is wanted for good, if any."""

    step: Step
    lasting: Step | None = None

    @property
    def name(self) -> str:
        return self.step.name

    def question(self) -> str:
        return self.step.question()

    def wants(self) -> str:
        return self.lasting.wants() if self.lasting else ""

    def due(self, lines: Sequence[str]) -> Due:
        return self.step.due(lines)


@dataclass(frozen=True)
class Confirm:
    """The operator's machine proves over a new connection that it still gets in, if something was
    changed under `guard` by this run, or by one that was killed."""

    name: str
    guard: Guard

    def question(self) -> str:
        return _waits(self.guard)

    def wants(self) -> str:
        return ""

    def due(self, lines: Sequence[str]) -> Due:
        waits = list(lines[:1]) == ["waits"]
        return Due(fine="nothing waits for a confirmation", waits=waits, confirms=self.guard)


def _waits(guard: Guard) -> str:
    """Shell: whether a change under `guard` waits for its confirmation."""
    return f"if [ -e {directory(guard.name)} ]; then echo waits; else echo none; fi"


@dataclass(frozen=True)
class Part:
    """What one role makes of a host.

    + packages: of the distribution's, installed before every step of every role
    + steps: in order
    + last: steps that wait until the release is live
    + notes: what a run says of this host while it prepares
    + advice: what a run says at its end, if one of its Files in `steps` changed something
    + warnings: what each run says at its very end while it is true
    """

    role: str
    steps: tuple[Step, ...] = ()
    packages: tuple[str, ...] = ()
    last: tuple[Step, ...] = ()
    notes: tuple[str, ...] = ()
    advice: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
