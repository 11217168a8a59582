"""Whether something grows, and by how much: Theil and Sen's slope, Mann and Kendall's test.

Both look at order and medians, so that a backup in the night is no leak. A series is thinned to
medians of blocks first: neighbours resemble each other, and would make anything significant.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

BLOCKS = 40
FEWEST = 8
"""Blocks: with fewer the test cannot say much."""
SURE = 0.01
"""The probability by chance below which a slope counts."""

Point = tuple[float, float]
"""Seconds, and the value then."""


@dataclass(frozen=True)
class Slope:
    """each_hour: of the value. start: where the line begins. probability: that chance alone would
    have given it, from both sides. growth: over the time that was seen."""

    each_hour: float
    start: float
    growth: float
    probability: float

    def grows(self, least: float, share: float) -> bool:
        """Whether it grew by more than `least` and than that share of its start, and surely."""
        enough = self.growth > max(least, share * self.start)
        return enough and self.probability < SURE


def thinned(points: Sequence[Point], blocks: int = BLOCKS) -> list[Point]:
    """Medians of as many blocks of neighbours."""
    size = max(math.ceil(len(points) / blocks), 1)
    cut = [points[at : at + size] for at in range(0, len(points), size)]
    return [(median(t for t, _ in one), median(v for _, v in one)) for one in cut]


def slope(points: Sequence[Point]) -> Slope | None:
    """None where there is too little to say anything.

    >>> slope([(60.0 * n, 100.0 + n) for n in range(20)]).each_hour
    60.0
    """
    few = thinned(points)
    if len(few) < FEWEST:
        return None
    pairs = [
        (later[1] - earlier[1], later[0] - earlier[0])
        for at, earlier in enumerate(few)
        for later in few[at + 1 :]
        if later[0] > earlier[0]
    ]
    each = median(rise / run for rise, run in pairs)
    start = median(value - each * (when - few[0][0]) for when, value in few)
    seen = few[-1][0] - few[0][0]
    return Slope(each * 3600, start, each * seen, _probability([value for _, value in few]))


def _probability(values: Sequence[float]) -> float:
    """Of Mann and Kendall's S under no trend: normal, with ties taken into account."""
    n = len(values)
    s = sum(
        (later > earlier) - (later < earlier)
        for at, earlier in enumerate(values)
        for later in values[at + 1 :]
    )
    ties = sum(t * (t - 1) * (2 * t + 5) for t in Counter(values).values())
    variance = (n * (n - 1) * (2 * n + 5) - ties) / 18
    if variance <= 0:
        return 1.0
    z = max(abs(s) - 1, 0) / math.sqrt(variance)
    return math.erfc(z / math.sqrt(2))
