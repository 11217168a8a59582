"""When a host is looked at: as the second run left it, and once more after a reboot. And marks for
attacks that a reboot makes no difference to."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.suites import suites
from vagrant.driver import wrapper

NEXT = ("noble", "trixie")  # run the one example, the defaults the other

STAGE = os.environ.get("STAGE", "")
"""The one stage of this run, where another run does the other; empty: both."""

ALONE = bool(os.environ.get("ALONE"))
"""Whether no other run has this suite's other stage: then this one tries all that is tried once."""

BESIDE = bool(os.environ.get("BESIDE"))
"""Whether other runs test other suites."""

STAGES = (STAGE,) if STAGE else ("converged", "rebooted")

# Where each stage has a run of its own, what is tried once is tried before the reboot in the files
# up to this one, and after it in all others: so both take about as long.
EARLY = "test_j"
HERE = Path(__file__).parent


def _converged(chosen: Sequence[str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "box",
        [pytest.param((suite, STAGES[0]), id=suite) for suite in chosen],
        indirect=True,
        scope="session",
    )


once = _converged(suites())
"""Once for each suite is enough."""

_defaults = [suite for suite in suites() if suite not in NEXT]
once_at_all = _converged(_defaults or ([] if BESIDE else suites()))
"""Long, and the same for every suite: only on the default where that is tested."""

on_default = _converged([suite for suite in suites() if suite == wrapper("suite")])
"""Of figures that are promised for the default suite; not at all where that is not tested."""


def elsewhere(test: pytest.Item) -> bool:
    """Whether a test is tried once, and that by another run: of the default suite, or of the
    other stage."""
    if any("empty parameter set" in mark.kwargs["reason"] for mark in test.iter_markers("skip")):
        return True
    marks = test.iter_markers("parametrize")
    if not STAGE or ALONE or not any(mark.args[0] == "box" for mark in marks):
        return False
    early = "test_" <= test.path.relative_to(HERE).as_posix() < EARLY
    return early == (STAGE == "rebooted")
