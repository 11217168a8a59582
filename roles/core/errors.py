"""The one exception that is meant for the operator's eyes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pyinfra
from pyinfra.api.exceptions import PyinfraError

from .plain import plain

if TYPE_CHECKING or not pyinfra.is_cli:
    from click import ClickException as Shown
else:
    # pyinfra's command prints its own CliError as it is; any other PyinfraError gets the file and
    # line of the `raise` in front, a place that is ours and not the operator's. Outside of the
    # command this import would patch the standard library for gevent.
    from pyinfra_cli.exceptions import CliError as Shown


class OperatorError(PyinfraError, Shown):
    """Something the operator can put right; raise it before anything has changed.

    In: a sentence that says what is wrong, where, and what to do. It must hold no secret. A list
    of problems is a headline and one line each.

    Out, raised in an inventory file, in deploy.py or in a role while it prepares: pyinfra prints
    ``--> pyinfra error: SENTENCE`` without a traceback and exits with 1. Outside of pyinfra
    ``str(error)`` is the sentence.
    """

    def __init__(self, message: str) -> None:
        # It may name what a repository or a host has made up.
        super().__init__(plain(message))


@contextmanager
def in_words_of(host: str) -> Iterator[None]:
    """An OperatorError of the body begins with the host's name."""
    try:
        yield
    except OperatorError as error:
        said = str(error)
        raise OperatorError(said if said.startswith("[") else f"[{host}] {said}") from None
