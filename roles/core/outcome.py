"""What a run that stopped half-way has changed, what it has not come to, and why it stopped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from pyinfra import logger
from pyinfra.api.host import Host
from pyinfra.api.operation import OperationMeta
from pyinfra.api.state import State

from .last_words import behind

_runs: dict[str, tuple[State, Host]] = {}
_whole: set[str] = set()


def report(state: State, host: Host) -> None:
    """Have this run say at its end how far it came on `host`, if it stopped half-way there."""
    behind(_say)
    _runs[host.name] = state, host


def never_half(steps: Iterable[str]) -> None:
    """Note names of steps that are done as a whole or not at all."""
    _whole.update(steps)


def halfway(name: str, changed: Sequence[str], stopped: str, left: int, *, whole: bool) -> str:
    """How far a run came. changed: names of steps. stopped: the one that failed; whole: whether it
    is done as a whole or not at all. left: how many were not begun."""
    done = f"changed so far: {', '.join(changed)}" if changed else "nothing has been changed so far"
    half = "" if whole else ", which may be half done"
    return (
        f"[{name}] stopped in “{stopped}”{half}; {done}; {left} more steps were not begun. The next"
        " run goes on from there"
    )


_LONGEST = 6
"""Lines of a reason that are said again; all of it is above."""


def reason(stderr: Sequence[str], stdout: Sequence[str] = ()) -> list[str]:
    """Of what a step said that failed, its beginning: what is wrong, before the lines of logs."""
    found = [line for line in stderr if line.strip()]
    ends = (n for n, line in enumerate(found) if re.match(r"(its )?last lines\b.*:$", line.strip()))
    return (found[: next(ends, len(found))] or list(stdout)[-3:])[:_LONGEST]


def _said(step: OperationMeta) -> list[str]:
    return reason(step.stderr_lines, step.stdout_lines) if step.is_complete() else []


def _say() -> None:
    for state, host in _runs.values():
        if not state.is_executing or host not in state.ops:
            continue
        steps = {
            key: state.ops[host][key].operation_meta
            for key in state.get_op_order()
            if key in state.ops[host]
        }
        done = {key for key, step in steps.items() if step.did_succeed(False)}
        undone = [key for key in steps if key not in done]
        if undone:
            names = {key: ", ".join(state.get_op_meta(key).names) for key in steps}
            changed = [names[key] for key in steps if key in done and steps[key].executed]
            stopped, left = names[undone[0]], len(undone) - 1
            whole = stopped in _whole
            logger.info(halfway(host.name, changed, stopped, left, whole=whole))
            for line in _said(steps[undone[0]]):
                logger.error(f"[{host.name}]   {line}")
    _runs.clear()
    _whole.clear()
