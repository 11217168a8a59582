"""pyinfra's question before the first change, at a terminal's other end."""

from __future__ import annotations

import builtins
from types import SimpleNamespace
from typing import Any

import pytest
from pyinfra.api.state import StateStage

from roles.core import question
from roles.core.errors import OperatorError


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """A function: what `answer` makes of words, or of an exception, before or in the run."""

    def ask(said: str | type[BaseException], stage: StateStage = StateStage.Prepare) -> str:
        def read() -> str:
            if isinstance(said, str):
                return said
            raise said

        state = SimpleNamespace(state=SimpleNamespace(current_stage=stage))
        monkeypatch.setattr(question, "context", state)
        monkeypatch.setattr(builtins, "input", read)
        return question.answer()

    return ask


@pytest.mark.parametrize("said", ["", " ", "y", "Y", "yes"])
def test_HOST_01_enter_and_y_are_a_yes(typed: Any, said: str) -> None:
    assert typed(said) == ""
    assert typed(said, StateStage.Execute) == ""


@pytest.mark.parametrize("said", ["n", "no", "yes please", EOFError, SystemExit])
def test_HOST_01_all_else_ends_a_run_that_has_changed_nothing(typed: Any, said: Any) -> None:
    with pytest.raises(OperatorError, match="Nothing has been changed"):
        typed(said)


def test_in_the_middle_of_a_run_it_claims_nothing(typed: Any) -> None:
    assert typed("n", StateStage.Execute) == "n"
    with pytest.raises(SystemExit):
        typed(SystemExit, StateStage.Execute)
