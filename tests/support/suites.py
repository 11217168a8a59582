"""The suites that the tests run on."""

from __future__ import annotations

import os
from collections.abc import Sequence

from roles.core.machine import SUPPORTED
from vagrant.driver import wrapper


def suites() -> Sequence[str]:
    """The suites to test on: the one that comes next, and the default."""
    wanted = os.environ.get("SUITES") or wrapper("suites")
    return [suite for suite in wanted.split(",") if suite]


def number(suite: str) -> int:
    """0 to 3: keeps what tests of one suite take (addresses) apart from another's at that time."""
    return list(SUPPORTED).index(suite)
