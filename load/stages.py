"""What a test does, by the clock."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

RAMP = 0.2
"""The part of a stage in which users arrive, and of which no figure is taken."""
LONGEST_RAMP = 30.0  # seconds


@dataclass(frozen=True)
class Stage:
    """users: at the same time, each thinking between two requests. rate: requests a second that
    come whether or not others were answered."""

    users: int
    seconds: float
    rate: float = 0

    @property
    def ramp(self) -> float:
        return min(self.seconds * RAMP, LONGEST_RAMP)

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "ramp": self.ramp}


def stages(users: str, seconds: float, rate: float) -> tuple[Stage, ...]:
    """
    >>> [stage.users for stage in stages("100,200", 60, 10)]
    [100, 200]
    """
    return tuple(Stage(int(each), seconds, rate) for each in users.split(","))
