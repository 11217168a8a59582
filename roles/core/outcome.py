"""What a run that stopped half-way has changed, and what it has not come to."""

from __future__ import annotations

import atexit
from collections.abc import Sequence

from pyinfra import logger
from pyinfra.api.host import Host
from pyinfra.api.state import State

_runs: dict[str, tuple[State, Host]] = {}


def report(state: State, host: Host) -> None:
    """Have this run say at its end how far it came on `host`, if it stopped half-way there."""
    if not _runs:  # not before: what registers last speaks first, and this belongs to the reason
        atexit.register(_say)
    _runs[host.name] = state, host


def halfway(name: str, changed: Sequence[str], stopped: str, left: int) -> str:
    """How far a run came. changed: names of steps. stopped: the one that failed. left: how many
    were not begun."""
    done = f"changed so far: {', '.join(changed)}" if changed else "nothing has been changed so far"
    return (
        f"[{name}] stopped in “{stopped}”, which may be half done; {done}; {left} more steps were"
        " not begun. The next run goes on from there"
    )


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
            logger.info(halfway(host.name, changed, names[undone[0]], len(undone) - 1))
    _runs.clear()
