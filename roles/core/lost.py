"""A connection that is lost in the middle of a run: one sentence. It knows pyinfra's inside."""

from __future__ import annotations

import logging
import socket
from typing import Any

from gevent import get_hub
from paramiko import SSHException
from pyinfra import logger
from pyinfra.api.exceptions import PyinfraError
from pyinfra.api.host import Host
from pyinfra.api.state import State
from pyinfra.connectors.util import CommandOutput

from .errors import OperatorError
from .refused import BANNED

_PATIENCE = 3  # seconds for a new connection, to tell whether this address is shut out
_lost: set[str] = set()


def notice(state: State, host: Host) -> None:
    """Have every command on `host` say that the connection is lost, when it is.

    While a run prepares that is an OperatorError. While it changes hosts the command fails after
    the sentence, so that other hosts go on.
    """
    connector: Any = host.connector
    transport = transport_of(host)
    if transport is None or "run_shell_command" in vars(connector):
        return
    plain = connector.run_shell_command
    peer = transport.getpeername()
    # What they say by themselves, a traceback among it, would come before the sentence.
    logging.getLogger("paramiko").setLevel(logging.CRITICAL)
    hub = get_hub()
    hub.NOT_ERROR = (*hub.NOT_ERROR, PyinfraError)

    def run_shell_command(*arguments: Any, **options: Any) -> tuple[bool, CommandOutput]:
        try:
            status, output = plain(*arguments, **options)
        except (EOFError, OSError, SSHException) as error:
            if transport.is_active():
                raise SSHException(str(error) or type(error).__name__) from error
        else:
            # A command whose channel ends without an exit status has failed with -1.
            if status or transport.is_active():
                return status, output
        return _end(state, host, peer)

    connector.run_shell_command = run_shell_command


def transport_of(host: Host) -> Any:
    """paramiko's Transport of the connection to `host`; None for one that is not by SSH."""
    client = getattr(host.connector, "client", None)
    return client.get_transport() if client else None


def sentence(name: str, user: str, doing: str, *, shut_out: bool) -> str:
    """What is said of a lost connection. doing: what was under way."""
    now = f"; it takes no new one from here: {BANNED}" if shut_out else ""
    return f"[{name}] the connection as {user} was lost {doing}{now}. Run it again"


def _end(state: State, host: Host, peer: tuple[str, int]) -> tuple[bool, CommandOutput]:
    if host.name not in _lost:
        _lost.add(host.name)
        operation = host.executing_op_hash
        names = state.get_op_meta(operation).names if operation else ()
        doing = f"in “{', '.join(names)}”" if names else "before the first change"
        said = sentence(host.name, host.data.ssh_user, doing, shut_out=not _answers(peer))
        if not state.is_executing:
            raise OperatorError(f"{said}; nothing has been changed")
        logger.error(f"{said}: the next run waits for the end of what that step began")
    if state.active_hosts <= {host}:
        raise OperatorError("no host is left")
    return False, CommandOutput([])


def _answers(peer: tuple[str, int]) -> bool:
    try:
        with socket.create_connection(peer[:2], timeout=_PATIENCE) as connection:
            return connection.recv(4).startswith(b"SSH")
    except OSError:
        return False
