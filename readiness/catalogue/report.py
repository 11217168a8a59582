"""The checklist: report."""

from __future__ import annotations

from .line import Line

AREA = "Report"

LINES = (
    Line(
        "RPT-01",
        AREA,
        what=(
            "one command looks at the lines above on the live host, from inside and from outside,"
            " and harms no visitor ([report.md](report.md)). A line that is broken is false, and no"
            " other line is"
        ),
        why="a checklist that nobody looks at is a wish, and one that is always green is none",
        do="pyinfra inventories/ENV.py ready.py",
        is_shown=False,
    ),
    Line(
        "RPT-02",
        AREA,
        what=(
            "what was found is one page for people, JSON and metrics for programs, and an exit"
            " status; all of them say the same"
        ),
        why="people read a page on a telephone, and a pipeline a number",
        do="docs/report.md",
        settings=("report.fail_on",),
        is_shown=False,
    ),
    Line(
        "RPT-03",
        AREA,
        what=(
            "what could not be looked at is never true, what is not wanted has a reason and an"
            " end, a proof that is too old is said to be or is false"
        ),
        why="a report that counts what nobody saw misleads",
        do="docs/report.md",
        settings=("report.waivers",),
        is_shown=False,
    ),
)
