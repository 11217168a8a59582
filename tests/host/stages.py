"""For attacks that a reboot makes no difference to: once for each suite is enough."""

import pytest

from tests.support.box import suites

once = pytest.mark.parametrize(
    "box",
    [pytest.param((suite, "converged"), id=suite) for suite in suites()],
    indirect=True,
    scope="session",
)
