"""Numbers as people read them, and round steps of an axis."""

from __future__ import annotations

import math

STEPS = (1, 2, 2.5, 5, 10)


def steps(top: float, wanted: int = 4) -> list[float]:
    """Marks from 0 to at least `top`, about `wanted` of them.

    >>> steps(90)
    [0.0, 25.0, 50.0, 75.0, 100.0]
    """
    if top <= 0:
        return [0.0, 1.0]
    raw = top / wanted
    power = 10 ** math.floor(math.log10(raw))
    step = next(each * power for each in STEPS if each * power >= raw * 0.999)
    return [step * number for number in range(math.ceil(top / step - 1e-9) + 1)]


def said(value: float, unit: str) -> str:
    """A value with its unit.

    >>> said(0.25, "s"), said(3_000_000, "B"), said(12.34, "%"), said(0, "/s")
    ('250 ms', '3 MB', '12.3 %', '0 /s')
    """
    if unit == "s":
        return f"{_short(value * 1000)} ms" if value < 1 else f"{_short(value)} s"
    if unit in ("B", "B/s"):
        for size, name in ((1e9, "G"), (1e6, "M"), (1e3, "k")):
            if value >= size:
                return f"{_short(value / size)} {name}{unit}"
    return f"{_short(value)} {unit}".strip()


def _short(value: float) -> str:
    return f"{value:.0f}" if value >= 100 else f"{value:.3g}"
