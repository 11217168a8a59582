"""pyinfra's question before the first change: Enter and y are a yes, all else ends the run with 1.

pyinfra itself takes Enter alone, and ends with 0, as if all were done, when it gets anything else
or Ctrl-C. It knows pyinfra's inside.
"""

from __future__ import annotations

import sys

import pyinfra
from pyinfra import context
from pyinfra.api.state import StateStage

from .errors import OperatorError

YES = ("", "y", "yes")
UNDONE = "Nothing has been changed"


def mind() -> None:
    """Have the question of this run answered by `answer`."""
    if pyinfra.is_cli:
        vars(sys.modules["pyinfra_cli.cli"])["input"] = answer


def answer() -> str:
    """What was typed, as pyinfra understands it: empty is a yes.

    Raises OperatorError for a no, and where nobody can answer, while nothing has been changed yet.
    """
    before = context.state.current_stage <= StateStage.Prepare
    try:
        said = input()
    except EOFError:
        if before:
            words = f"nobody is there to answer; -y has it done without a question. {UNDONE}"
            raise OperatorError(words) from None
        raise
    except SystemExit:  # Ctrl-C
        if before:
            raise OperatorError(UNDONE) from None
        raise
    if said.strip().lower() in YES:
        return ""
    if before:
        raise OperatorError(f"“{said.strip()}” is neither Enter nor y. {UNDONE}")
    return said
