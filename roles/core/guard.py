"""Changes that could lock the operator out: the host undoes them unless they are confirmed.

Before the first of them the host keeps what it has and starts a timer. After the last of them the
operator's machine connects anew and stops that timer over the new connection. A change that keeps
the operator out, and a run that dies before it could tell, are undone by the host itself, after a
reboot too.
"""

from __future__ import annotations

import time
from collections.abc import Generator
from typing import Any

from pyinfra import host
from pyinfra.api import FactBase, FunctionCommand, StringCommand, operation
from pyinfra.api.exceptions import ConnectError
from pyinfra.api.host import Host
from pyinfra.api.operation import PyinfraOperation
from pyinfra.api.state import State

from .undo import Guard, arm, confirmed, directory, unit


class ArmedFact(FactBase):
    """Names of the guards whose changes wait for their confirmation."""

    default = set

    def command(self) -> str:
        return f"ls {directory('')} 2>/dev/null; true"

    def process(self, output: list[str]) -> set[str]:
        return set(output)


_armed: set[tuple[str, str]] = set()
"""Hosts and guards whose clock this run has started."""

_found: dict[str, set[str]] = {}
"""What waited on each host when this run first asked: each question is a command."""


def _waits(guard: Guard) -> bool:
    """Whether a change that an earlier run made waits for its confirmation."""
    if host.name not in _found:
        _found[host.name] = host.get_fact(ArmedFact)
    return guard.name in _found[host.name]


@operation()
def guarded(
    guard: Guard, step: PyinfraOperation, **arguments: Any
) -> Generator[StringCommand, None, None]:
    """The operation `step`; should it change something, the host is ready to undo it first.

    + step: an operation such as fileset.sync; `arguments` are its own
    """
    prepare = StringCommand("sh -s", _stdin=arm(guard))
    ours = (host.name, guard.name)
    if ours not in _armed and _waits(guard):
        # By a run that was killed, whose clock must not run out under this one.
        yield prepare
        _armed.add(ours)
    for command in step._inner(**arguments):
        if ours not in _armed:
            yield prepare
            _armed.add(ours)
        yield command


@operation()
def confirm(guard: Guard) -> Generator[FunctionCommand, None, None]:
    """Prove that the operator still gets in, if something was changed under this guard.

    Also proves what a killed run left to be proved. Fails when no new connection comes about; the
    host then puts back what it had.
    """
    if (host.name, guard.name) not in _armed and not _waits(guard):
        host.noop("nothing waits for a confirmation")
        return
    yield FunctionCommand(prove, (), {"guard": guard})


# Seconds between the tries. There are few: somebody who fails to log in often is banned.
PAUSES = (1, 3, 0)


def prove(state: State, host: Host, guard: Guard) -> bool:
    """Connect as this run did and confirm over that connection; out: whether it worked."""
    end = time.monotonic() + guard.seconds / 2
    for pause in PAUSES:  # a server that reads its configuration again is away for a moment
        reason = _attempt(state, host, guard)
        if not reason:
            _armed.discard((host.name, guard.name))
            _found[host.name].discard(guard.name)
            return True
        if time.monotonic() > end:
            break
        time.sleep(pause)
    host.log(f"  you could not get in again: {reason}")
    # The connection of this run is older than the change, and often still there.
    back, _ = host.run_shell_command(
        StringCommand(f"systemctl start {unit(guard.name)}.service"), _sudo=host.data.get("_sudo")
    )
    host.log(
        "  the host has put back what it had before"
        if back
        else f"  the host puts back what it had, {guard.seconds} s after the change"
    )
    return False


def _attempt(state: State, host: Host, guard: Guard) -> str:
    """One new connection and the confirmation over it; out: what went wrong, or nothing."""
    connector = type(host.connector)(state, host)
    try:
        connector.connect()
        sudo = "sudo -n " if host.data.get("_sudo") else ""
        # sudo's complaint as it stands would make pyinfra ask for a password.
        fine, output = connector.run_shell_command(
            StringCommand(
                f"said=$({sudo}sh -c '{confirmed(guard.name)}' 2>&1)"
                ' || { echo "the host says: $said"; exit 1; }'
            ),
            print_output=False,
            print_input=False,
        )
        return "" if fine else output.stdout.strip()
    except (ConnectError, OSError) as error:
        return str(error)
    finally:
        if client := getattr(connector, "client", None):
            client.close()
