"""For attacks that a reboot makes no difference to."""

from collections.abc import Sequence

import pytest

from tests.support.box import suites

from .conftest import OLDEST


def _converged(chosen: Sequence[str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(
        "box",
        [pytest.param((suite, "converged"), id=suite) for suite in chosen],
        indirect=True,
        scope="session",
    )


once = _converged(suites())
"""Once for each suite is enough."""

once_at_all = _converged([suite for suite in suites() if suite != OLDEST] or suites())
"""Long, and the same for every suite: the oldest is left out where there is another."""
