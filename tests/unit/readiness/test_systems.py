"""Each line of the five systems' checklists is made true by lines that exist, and proven."""

from __future__ import annotations

import pytest

from readiness.catalogue import BY_ID
from readiness.systems import SYSTEMS, System
from readiness.systems.document import proofs, written
from tests.support.readiness import missing
from vagrant.driver import ROOT

ELSEWHERE = {"REL-05"}  # the workflows' own test


def test_the_document_is_made_of_the_systems() -> None:
    for path, text in written().items():
        assert path.read_text() == text, "run .venv/bin/python -m settings examples"


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: str(system.id))
def test_each_wish_is_a_line_that_is_proven_or_said_to_be_missing(system: System) -> None:
    for wish in system.wishes:
        assert wish.ids, wish.text
        for id in wish.ids:
            assert (id in BY_ID) != (id in missing()), f"{wish.text}: {id}"
            assert id in missing() or id in ELSEWHERE or proofs()[id], f"{wish.text}: {id}"


@pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: str(system.id))
def test_each_system_has_its_example_and_its_tests(system: System) -> None:
    assert (ROOT / "examples" / system.example).is_file()
    assert system.id in BY_ID
    assert system.tests in proofs()[system.id]
