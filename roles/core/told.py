"""What a program on a host says of its end, shown at the end of the run, where operators look."""

from __future__ import annotations

import atexit
from collections.abc import Sequence

from pyinfra import logger
from pyinfra.api.host import Host
from pyinfra.api.operation import OperationMeta

MARK = "=> "
"""What a program says of its end begins with this; what it says on its way does not."""

_steps: dict[tuple[str, str], OperationMeta] = {}


def tell(host: Host) -> None:
    """To be called in an operation: have this run say at its end what the operation's program says
    of its own. Nothing when it had nothing to do; of one that failed pyinfra shows all."""
    state, step = host.state, host.current_op_hash
    if state and step and state.is_executing:
        itself = state.inventory.get_host(host.name)
        _steps[host.name, step] = state.ops[itself][step].operation_meta


def results(lines: Sequence[str]) -> list[str]:
    """Of what a program said, what it said of its end."""
    return [line.removeprefix(MARK) for line in lines if line.startswith(MARK)]


@atexit.register
def _tell() -> None:
    for (name, _), step in _steps.items():
        if step.did_succeed(False):
            for line in results(step.stdout_lines):
                logger.info(f"[{name}] {line}")
    _steps.clear()
