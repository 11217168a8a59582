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
"""What of a host this run looks at, where others do the rest: one of its two stages; `once`, only
what is tried once, on a copy of it; empty, all of it."""

ONCE = [name for name in os.environ.get("ONCE", "").split(",") if name]
"""The folders, as in `web,data`, of which this run tries what is tried once; empty: all of them."""

BESIDE = bool(os.environ.get("BESIDE"))
"""Whether other runs test other suites."""

STAGES = {"": ("converged", "rebooted"), "once": ("rebooted",)}.get(STAGE, (STAGE,))

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
"""Long, and the same for every suite, as what our own programs decide is and what the version of a
package has no part in: only on the default where that is tested."""

on_default = _converged([suite for suite in suites() if suite == wrapper("suite")])
"""Of figures that are promised for the default suite; not at all where that is not tested."""


def elsewhere(test: pytest.Item) -> bool:
    """Whether another run tries this test: of the default suite, or another part of the host."""
    if any("empty parameter set" in mark.kwargs["reason"] for mark in test.iter_markers("skip")):
        return True
    if not any(mark.args[0] == "box" for mark in test.iter_markers("parametrize")):
        return STAGE == "once"
    return bool(ONCE) and test.path.relative_to(HERE).parts[0] not in ONCE
