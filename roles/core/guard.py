"""Changes that could lock the operator out: the host undoes them unless they are confirmed.

Before the first of them the host keeps what it has and starts a timer. After the last of them the
operator's machine connects anew and stops that timer over the new connection. A change that keeps
the operator out, and a run that dies before it could tell, are undone by the host itself, after a
reboot too.
"""

from __future__ import annotations

import time

import gevent
from paramiko import SSHException
from pyinfra.api import StringCommand
from pyinfra.api.exceptions import PyinfraError
from pyinfra.api.host import Host
from pyinfra.api.state import State, StateStage

from .step import Due
from .undo import Guard, arm, confirmed, unit

_armed: set[tuple[str, str]] = set()
"""Hosts and guards whose clock this run has started."""


def first(on: Host, due: Due) -> list[StringCommand]:
    """What comes before a step that is guarded: the host is ready to undo it. So it is where a run
    that was killed left a change, whose clock must not run out under this one."""
    if due.guard is None or (on.name, due.guard.name) in _armed or not (due.do or due.waits):
        return []
    if on.state and on.state.current_stage == StateStage.Execute:
        _armed.add((on.name, due.guard.name))
    return [StringCommand("sh -s", _stdin=arm(due.guard))]


def is_open(on: Host, due: Due) -> bool:
    """Whether something was changed under the guard that `due` confirms."""
    return due.waits or bool(due.confirms and (on.name, due.confirms.name) in _armed)


# Seconds between the tries. There are few: somebody who fails to log in often is banned.
PAUSES = (1, 3, 0)

SILENT = "no answer within"
UNDONE = 90  # seconds that an undo may take, over a connection that may be dead
CLOSED = 5  # seconds to take leave of a connection that may be


def prove(state: State, host: Host, guard: Guard) -> bool:
    """Connect as this run did and confirm over that connection; out: whether it worked."""
    end = time.monotonic() + guard.seconds / 2
    reason = ""
    for pause in PAUSES:  # a server that reads its configuration again is away for a moment
        said = _attempt(state, host, guard, end - time.monotonic())
        if not said:
            _armed.discard((host.name, guard.name))
            return True
        if not (reason and said.startswith(SILENT)):  # which says less than what came before
            reason = said
        if time.monotonic() + pause > end:
            break
        time.sleep(pause)
    host.log(f"  you could not get in again: {reason}")
    host.log(
        "  the host has put back what it had before"
        if _undone(host, guard)
        else f"  the host puts back what it had, {guard.seconds} s after the change"
    )
    return False


def _undone(host: Host, guard: Guard) -> bool:
    """Whether the host could be told to undo at once: the connection of this run is older than the
    change, and often still there."""
    undo = StringCommand(f"systemctl start {unit(guard.name)}.service")
    try:
        with gevent.Timeout(UNDONE):
            back, _ = host.run_shell_command(undo, _sudo=host.data.get("_sudo"))
        return back
    except (gevent.Timeout, PyinfraError, OSError, SSHException, EOFError):
        return False


def _attempt(state: State, host: Host, guard: Guard, seconds: float) -> str:
    """One new connection and the confirmation over it; out: what went wrong, or nothing.

    seconds: what both may take; a connection that lives may still never answer.
    """
    connector = type(host.connector)(state, host)
    try:
        with gevent.Timeout(seconds):
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
    except gevent.Timeout:
        return f"{SILENT} {seconds:.0f} s"
    except (PyinfraError, OSError, SSHException, EOFError) as error:
        return str(error) or type(error).__name__
    finally:
        if client := getattr(connector, "client", None):
            with gevent.Timeout(CLOSED, False):
                client.close()
