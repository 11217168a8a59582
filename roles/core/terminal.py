"""What hosts, builds and repositories say does nothing to the operator's terminal, and asks him for
nothing; where nothing is done nothing is said. It knows pyinfra's inside.

Escape sequences could write into his clipboard, hide lines, and forge those of this run.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import click
from pyinfra import logger
from pyinfra.api import output
from pyinfra.connectors import ssh

from .plain import plain


def protect() -> None:
    """From now on pyinfra prints nothing that is not plain, and takes no line of a host's for
    sudo's question: it would ask for a password, which no account of ours has (run_lock.py), and
    run the command again."""
    output.set_echo(_echo)
    if _tell_plainly not in logger.filters:
        logger.addFilter(_tell_plainly)
    vars(ssh)["execute_command_with_sudo_retry"] = _execute


def _echo(message: Any = None, **options: Any) -> None:
    click.echo(plain(message) if isinstance(message, str) else message, **options)


NOTHING = "No changes"
"""pyinfra's word for an operation that found nothing to do on a host. A second run would say it for
each step of each host, fifteen hundred times for 32 of them; the table at the end has it."""


def _tell_plainly(record: logging.LogRecord) -> bool:
    if isinstance(record.msg, str):
        if NOTHING in record.msg and record.module == "operations":
            return False
        record.msg, record.args = plain(record.getMessage()), None
    return True


def _execute(host: Any, arguments: Any, execute: Callable[[], Any]) -> Any:
    return execute()
