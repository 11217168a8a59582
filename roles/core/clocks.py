"""The clocks of a host and of the machine that a run comes from: how far they are apart."""

from __future__ import annotations

from dataclasses import replace

from .machine import Machine
from .plan import Plan
from .step import Part

ASK = "date '+told clock %s.%N'"


def apart(machine: Machine, before: float, after: float) -> float:
    """Seconds that the host's clock is ahead of this machine's, negative when it is behind; 0 where
    it said nothing. before, after: this machine's time around the answer, so that a slow answer is
    no difference."""
    try:
        said = float(machine.tells("clock")[0][0])
    except (IndexError, ValueError):
        return 0
    return min(said - before, 0) + max(said - after, 0)


def warned(plan: Plan, seconds: float, limit: int) -> Plan:
    """The plan, whose run says at its end that the clocks are apart, if they are by more than
    `limit` seconds."""
    if abs(seconds) <= limit:
        return plan
    where = "ahead of" if seconds > 0 else "behind"
    said = (
        f"the host's clock is {abs(seconds):.0f} s {where} this machine's"
        " (base.clocks_apart_seconds:"
        f" {limit}): moments that you type, for a restore or in `readyhost logs --since`, mean"
        " another time there. `timedatectl` says on each of them whether it is kept right"
    )
    return replace(plan, parts=(*plan.parts, Part("clocks", warnings=(said,))))
