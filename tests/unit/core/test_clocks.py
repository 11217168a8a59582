"""Clocks that are apart are said, and a slow answer is no difference."""

from __future__ import annotations

import subprocess
import time

import pytest

from roles.core import clocks
from roles.core.machine import Machine
from roles.core.plan import Plan


@pytest.mark.parametrize(
    ("told", "seconds"),
    [("1000.5", 0), ("1009.9", 0), ("1010.5", 0.5), ("940.0", -60), ("", 0), ("nonsense", 0)],
)
def test_HOST_09_how_far_clocks_are_apart(told: str, seconds: float) -> None:
    machine = Machine.example(told=(f"clock {told}",))
    assert clocks.apart(machine, 1000, 1010) == seconds
    assert clocks.apart(Machine.example(), 1000, 1010) == 0


def test_HOST_09_the_host_is_asked_for_its_clock() -> None:
    before = time.time()
    said = subprocess.run(["sh", "-c", clocks.ASK], check=True, capture_output=True, text=True)
    machine = Machine.example(told=(said.stdout.strip().removeprefix("told "),))
    assert clocks.apart(machine, before, time.time()) == 0
    assert clocks.apart(machine, before - 100, before - 90) >= 90


def test_HOST_09_clocks_that_are_further_apart_than_the_setting_are_said() -> None:
    plan = Plan(())
    assert clocks.warned(plan, -10, 10) is plan
    (ahead,) = clocks.warned(plan, 11.4, 10).warnings
    assert ahead.startswith(
        "the host's clock is 11 s ahead of this machine's (base.clocks_apart_seconds: "
    )
    assert "90 s behind this" in clocks.warned(plan, -90, 10).warnings[0]
