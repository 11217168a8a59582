"""The one place that asks hosts and acts on them: plans are made elsewhere, of data. For a new
version of pyinfra look here, and at the modules that `grep -l pyinfra roles/core/*.py` lists.
"""

from __future__ import annotations

import base64
import gzip
import shlex
from collections.abc import Generator
from dataclasses import dataclass, field

from pyinfra import host, state
from pyinfra.api import FactBase, FunctionCommand, StringCommand, operation
from pyinfra.api.host import Host
from pyinfra.api.state import State, StateStage

from . import guard, once, run_lock
from .applied import Difference, differences
from .aside import aside
from .errors import OperatorError
from .fileset import Files
from .last_words import repeat
from .outcome import never_half
from .plan import Plan, bare
from .step import Do, Due, Step, Unanswered
from .survey import Survey, ask_all
from .told import tell

_texts: dict[tuple[str, str], str] = {}
"""Shell texts by host and by what -v calls them: it prints all arguments of a question."""


class Answers(FactBase):
    """The lines that a shell text prints."""

    default = list

    def command(self, on: str, what: str) -> str:
        # on: rollback.py asks all hosts while pyinfra's `host` is one of them.
        return _texts[on, what]

    def process(self, output: list[str]) -> list[str]:
        return output


def ask(on: Host, text: str, what: str = "") -> list[str]:
    """The lines that the shell text prints on a host. what: its name for -v."""
    what = what or f"{hash(text):x}"
    _texts[on.name, what] = _short(aside(text))
    return list(on.get_fact(Answers, on=on.name, what=what))


def hand(on: Host, command: str, stdin: str) -> list[str]:
    """The lines that a shell command prints on a host which is handed what may be secret. Nothing
    is changed by it."""
    _, output = on.run_shell_command(
        StringCommand(command), _stdin=stdin, _sudo=bool(on.data.get("_sudo"))
    )
    return list(output.stdout_lines)


LONGEST = 100_000
"""Bytes of a quoted command: Linux takes no argument of 128 KiB (MAX_ARG_STRLEN)."""


def _short(text: str) -> str:
    if len(shlex.quote(text).encode()) < LONGEST:
        return text
    packed = base64.b64encode(gzip.compress(text.encode(), mtime=0)).decode()
    return f"printf %s {packed} | base64 -d | gunzip | sh"


@dataclass
class _Run:
    """A plan on its way. stage: of pyinfra's, since when the answers are good: a plan is asked for
    anew before it is carried out, as an operator may have thought about it for an hour."""

    survey: Survey
    advice: dict[str, tuple[str, ...]]
    stage: StateStage | None = None
    said: list[str] = field(default_factory=list)

    def due(self, number: int) -> Due:
        if self.stage != state.current_stage:
            self.stage = state.current_stage
            self.survey.forget()
            self.said.clear()
        return self.survey.due(number)

    def change(self, step: Step) -> None:
        """The next command changes the host for this step; nothing does while pyinfra prepares."""
        if state.current_stage == StateStage.Execute:
            self.survey.change()
            run_lock.at(host, step.name)
        self.said += [line for line in self.advice.get(step.name, ()) if line not in self.said]


@operation()
def _act(
    here: _Run, step: Step, number: int
) -> Generator[StringCommand | FunctionCommand, None, None]:
    try:
        due = here.due(number)
    except Unanswered as error:
        # The step fails on this host, and others go on.
        host.log(f"  {error}")
        yield StringCommand("exit 1")
        return
    repeat(host, due.warnings)
    for line in due.words:
        host.log(f"  {line}")
    if due.details and state.config.DIFF and state.current_stage != StateStage.Execute:
        for line in due.details(lambda text: ask(host, text)):
            host.log(f"    {line}")
    first = guard.first(host, due)
    if due.confirms and guard.is_open(host, due):
        here.change(step)
        yield FunctionCommand(guard.prove, (), {"guard": due.confirms})
        return
    if not due.do and not first:
        host.noop(due.fine)
        return
    here.change(step)
    yield from first
    for do in due.do:
        for line in do.words:
            host.log(f"  {line}")
        if do.tells:
            tell(host)
        if do.once:
            once.note(host, do.once)
        yield _command(do)
        if do.asks:
            for line in ask(host, do.asks):
                host.log(f"  {line}")


def _command(do: Do) -> StringCommand:
    if do.stdin is None:
        return StringCommand(do.command)
    return StringCommand(do.command, _stdin=do.stdin)


@operation()
def _say(here: _Run) -> Generator[FunctionCommand, None, None]:
    lines = here.said
    if not lines:
        host.noop("nothing to say")
        return
    yield FunctionCommand(_log, (), {"lines": lines})


def _log(state: State, host: Host, lines: list[str]) -> bool:
    # Below pyinfra's table, where operators look: many more lines follow this step.
    repeat(host, lines)
    return True


def execute(on: Host, plan: Plan) -> None:
    """Have `on` become what its plan says, step by step; called while pyinfra prepares."""
    steps = plan.steps
    here = _Run(
        Survey(steps, lambda text, what: ask(on, text, what)),
        {
            step.name: part.advice
            for part in plan.parts
            for step in part.steps
            if isinstance(bare(step), Files)
        },
    )
    never_half(step.name for step in steps if getattr(bare(step), "is_whole", False))
    for line in plan.notes:
        on.log(line)
    for number, step in enumerate(on.loop(steps)):
        _act(name=step.name, here=here, step=step, number=number)
    if any(part.advice for part in plan.parts):
        _say(name="Good to know", here=here)
    repeat(on, plan.warnings)


def look(on: Host, plan: Plan) -> list[Difference]:
    """What of `on` is not as its plan wants. Nothing is done there."""
    steps = plan.steps
    try:
        return differences(steps, ask_all(steps, lambda text, what: ask(on, text, what)))
    except Unanswered as error:
        raise OperatorError(f"[{on.name}] {error}; run it again") from None
