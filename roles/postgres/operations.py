"""Roles and databases as one operation: read by one command, changed by another."""

from __future__ import annotations

from collections.abc import Generator

from pyinfra import host
from pyinfra.api import StringCommand, operation

from .plan import plan, script
from .state import PSQL, StateFact, query
from .wanted import Wanted


@operation()
def contents(wanted: Wanted, port: int, version: int) -> Generator[StringCommand, None, None]:
    """Make the server on `port` have the roles and databases of `wanted`.

    Passwords are compared without being sent, and set as verifiers through standard input.
    """
    steps = plan(wanted, host.get_fact(StateFact, port=port, query=query(wanted)), version)
    if not steps:
        host.noop(f"{len(wanted.roles)} roles, {len(wanted.databases)} databases are as wanted")
        return
    for step in steps:
        if step.what:
            host.log(f"  {step.what}")
    yield StringCommand(f"{PSQL} -p {port} -f - >/dev/null", _stdin=script(steps))
