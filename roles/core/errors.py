"""The one exception that is meant for the operator's eyes."""

from types import TracebackType
from typing import TYPE_CHECKING

from pyinfra.api.exceptions import PyinfraError


class OperatorError(PyinfraError):
    """Something the operator can put right; raise it before anything has changed.

    In: a sentence that says what is wrong, where, and what to do. It must hold no secret. A list
    of problems is a headline and one line each.

    Out, raised in an inventory file, in deploy.py or in a role while it prepares: pyinfra prints
    ``--> pyinfra error: SENTENCE`` without a traceback and exits with 1. Outside of pyinfra
    ``str(error)`` is the sentence.
    """

    if not TYPE_CHECKING:
        # pyinfra puts the file and line of the `raise` in front of the sentence when it is given
        # a traceback. That place is ours, not the operator's. Python itself, and so a debugger or
        # a test runner, reads another slot and loses nothing.
        @property
        def __traceback__(self) -> None:
            return None

        @__traceback__.setter
        def __traceback__(self, _: TracebackType | None) -> None:
            return None
