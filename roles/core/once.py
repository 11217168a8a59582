"""What the operator's machine does once for all hosts, at the end of a run that changed them."""

from __future__ import annotations

import atexit
import os
import subprocess
from collections.abc import Sequence

from pyinfra import logger
from pyinfra.api.host import Host
from pyinfra.api.operation import OperationMeta

from .once_for_all import Once

SECONDS = 120


_steps: dict[Once, list[OperationMeta]] = {}


def note(host: Host, once: Once) -> None:
    """To be called in an operation that changes the host: have this run do that at its end, if the
    operation succeeds on any host."""
    state, step = host.state, host.current_op_hash
    if once.commands and state and step and state.is_executing:
        itself = state.inventory.get_host(host.name)
        _steps.setdefault(once, []).append(state.ops[itself][step].operation_meta)


def run(once: Once) -> list[str]:
    """Run the commands; why one of them failed, which ends it, empty when none did. A command's
    words may hold what it was given to keep for itself: they are not repeated."""
    env = {**os.environ, **dict(once.variables)}
    for command in once.commands:
        try:
            done = subprocess.run(
                ["/bin/sh", "-ec", command],
                env=env,
                check=False,
                timeout=SECONDS,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired:
            return [f"{once.name}: {command}: not over after {SECONDS} s"]
        if done.returncode:
            return [f"{once.name}: {command}: exit status {done.returncode}"]
    return []


def due(steps: dict[Once, list[OperationMeta]]) -> Sequence[Once]:
    """Those of which a step has changed a host."""
    return [once for once, made in steps.items() if any(s.did_succeed(False) for s in made)]


@atexit.register
def _run() -> None:
    for once in due(_steps):
        said = run(once)
        for line in said:
            logger.warning(line)
        if not said:
            logger.info(f"{once.name}: done, once for all hosts")
    _steps.clear()
