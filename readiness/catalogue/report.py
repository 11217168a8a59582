"""The checklist: report."""

from __future__ import annotations

from .line import Line

AREA = "Report"

LINES = (
    Line(
        "RPT-01",
        AREA,
        what=(
            "one command looks at the lines above on the live host, from inside and "
            "from outside, and harms no visitor ([report.md](report.md))"
        ),
        why="a checklist that nobody looks at is a wish",
        do="pyinfra inventories/ENV.py ready.py",
        is_shown=False,
    ),
    Line(
        "RPT-02",
        AREA,
        what=(
            "what could not be looked at is never true, what is not wanted has a reason"
            " and an end, a proof that is too old is false"
        ),
        why="what a machine has found must be read by people, and by machines",
        do="docs/report.md",
        settings=("report.waivers", "report.fail_on"),
        is_shown=False,
    ),
    Line(
        "RPT-03",
        AREA,
        what="a line that is broken is false, and no other line is",
        why="a report that is always green is none",
        do="docs/report.md",
        is_shown=False,
    ),
)
