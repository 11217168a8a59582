"""Plots of what a host has measured over the last day and month, for the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from readyhost.dashboard.asking import parse
from readyhost.dashboard.asking import question as questions
from readyhost.dashboard.command import marks
from readyhost.dashboard.page import ranged
from readyhost.dashboard.panels import PANELS, RELEASES
from readyhost.dashboard.ranges import RANGES
from roles.monitoring.names import REMOTE, STATE

if TYPE_CHECKING:
    from settings import Settings

SHOWN = {
    "CPU", "Memory in use", "Disk in use", "Requests", "Duration", "Errors (5xx)", "Connections",
    "Memory by unit",
}  # fmt: skip
"""Panels that say whether the host is too small; `readyhost ENV dashboard` has the others."""
CHOSEN = tuple(panel for panel in PANELS if panel.title in SHOWN)
OVER = tuple(over for over in RANGES if over.name in ("day", "month"))
ASKED = [
    (query, over)
    for over in OVER
    for query in (*(line.query for panel in CHOSEN for line in panel.lines), RELEASES)
]
LONGEST = 30
"""Seconds for all of it: it takes less than one, and the report waits for nobody."""
EACH = 10  # seconds for one question
MOST = 10_000_000  # bytes of an answer: ten times what a month of a busy host is
OFF = "off"


@dataclass(frozen=True)
class Measured:
    """ranges: each with its plots, as plots.html.j2 takes them. why: there are none though the host
    is monitored."""

    ranges: tuple[tuple[str, list[dict[str, Any]]], ...] = ()
    why: str = ""


def question(settings: Settings, now: float) -> str:
    """Shell: prints an answer a line, or that nothing is measured; empty where it need not be
    asked."""
    if settings.monitoring.mode == "off":
        return ""
    return (
        f"if [ ! -e {STATE} ] || [ -e {REMOTE} ]; then echo {OFF}; else"
        f" timeout -k 2 {LONGEST} curl -s --max-time {EACH} -K - <<'END' | head -c {MOST} || :\n"
        f"{questions(ASKED, now)}\nEND\nfi"
    )


def answered(lines: Sequence[str], now: float) -> Measured | None:
    """The plots; None where the host is not monitored."""
    said = [line for line in lines if line.strip()]
    if said == [OFF]:
        return None
    if len(said) != len(ASKED):
        return Measured(why=f"Prometheus gave {len(said)} of {len(ASKED)} answers (MON-01)")
    found = {
        (query, over.name): parse(line) for (query, over), line in zip(ASKED, said, strict=True)
    }
    switched = marks(each for over in OVER for each in found[RELEASES, over.name])
    return Measured(
        tuple(
            (
                over.name,
                [
                    plot
                    for _, plots in ranged(over, found, switched, now, CHOSEN)["groups"]
                    for plot in plots
                ],
            )
            for over in OVER
        )
    )
