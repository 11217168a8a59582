"""What grows, and what only looks as if."""

from __future__ import annotations

import random

import pytest

from load.slopes import slope, thinned

HOUR = 3600.0


def series(each_hour: float, noise: float, *, hours: float = 24, count: int = 400, seed: int = 1):  # type: ignore[no-untyped-def]
    dice = random.Random(seed)
    step = hours * HOUR / count
    return [(n * step, 100 + each_hour * n * step / HOUR + dice.gauss(0, noise))
            for n in range(count)]  # fmt: skip


def test_LOAD_03_a_leak_is_found_through_noise() -> None:
    found = slope(series(2.0, 5))
    assert found
    assert found.each_hour == pytest.approx(2.0, rel=0.1)
    assert found.growth == pytest.approx(48, rel=0.1)
    assert found.grows(8, 0.1)


@pytest.mark.parametrize("seed", range(20))
def test_LOAD_03_noise_is_no_leak(seed: int) -> None:
    found = slope(series(0, 5, seed=seed))
    assert found and not found.grows(1, 0.05)


def test_LOAD_03_one_peak_in_the_night_is_no_leak() -> None:
    points = [(when, 1000.0 if 180 < at < 200 else value)
              for at, (when, value) in enumerate(series(0, 1))]  # fmt: skip
    found = slope(points)
    assert found and not found.grows(1, 0.01)


def test_LOAD_03_what_is_always_the_same_has_no_slope() -> None:
    found = slope([(float(n), 7.0) for n in range(100)])
    assert found and found.probability == 1.0 and found.growth == 0


def test_LOAD_03_too_little_says_nothing() -> None:
    assert slope([(float(n), float(n)) for n in range(7)]) is None


def test_neighbours_become_one() -> None:
    assert thinned([(0, 1), (1, 3), (2, 5), (3, 7)], 2) == [(0.5, 2), (2.5, 6)]
