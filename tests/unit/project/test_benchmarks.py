"""The benchmark's contenders make what the plan says: nothing of it may go unrecorded."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from benchmarks.provision.recording import recorded
from benchmarks.provision.steps import Commands, Database, Files, Packages, Release, Running
from roles.core.plan import Plan
from roles.core.step import Due, Part
from tests.unit.environments import STANDARD, plan_of


def test_each_kind_of_step_is_recorded() -> None:
    kinds = {type(step) for step in recorded(plan_of(STANDARD))}
    assert kinds == {Packages, Files, Running, Commands, Database, Release}


def test_a_step_that_nobody_records_is_an_error() -> None:
    @dataclass(frozen=True)
    class Odd:
        name: str = "Odd | step"

        def question(self) -> str:
            return "true"

        def wants(self) -> str:
            return ""

        def due(self, lines: object) -> Due:
            return Due()

    with pytest.raises(TypeError, match="Odd is a step that nobody records"):
        recorded(Plan((Part("odd", (Odd(),)),)))
