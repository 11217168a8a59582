"""Percentiles of several runs of wrk together."""

from __future__ import annotations

import random

import pytest

from tests.support.wrk import Load, pooled


def load(times: list[float]) -> Load:
    ordered = sorted(times)
    slower = tuple(ordered[len(ordered) * permille // 1000] for permille in range(500, 1000))
    return Load(1, len(times), 1.0, 0, 0, 0, 0, 0, 0, 0.0, 0.0, 0.0, slower[490], 0.0, slower)


def test_of_one_run_it_is_its_own() -> None:
    one = load([random.expovariate(0.1) for _ in range(20_000)])
    assert pooled([one], 99) == pytest.approx(one.p99, rel=0.02)


def test_of_several_it_is_that_of_all_their_requests() -> None:
    quick = [random.expovariate(0.1) for _ in range(30_000)]
    slow = [random.expovariate(0.02) for _ in range(3_000)]
    whole = load([*quick, *slow])
    assert pooled([load(quick), load(slow)], 99) == pytest.approx(whole.p99, rel=0.02)
    assert whole.p99 > 1.5 * load(quick).p99


def test_no_report_keeps_each_of_them() -> None:
    assert "slower" not in load([1.0] * 1000).as_dict()
