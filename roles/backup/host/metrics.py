"""backup.prom, in Prometheus' text format."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

JOB = {
    "backup_last_begin_timestamp_seconds": ("begin", "When the last run began."),
    "backup_last_end_timestamp_seconds": ("end", "When the last run ended."),
    "backup_last_success_timestamp_seconds": ("success", "When the last good run ended; 0: never."),
    "backup_last_duration_seconds": ("duration", "How long the last run took."),
    "backup_last_size_bytes": ("size", "What the last run added to the repositories."),
    "backup_last_failed": ("failed", "1 when the last run failed."),
    "backup_longest_age_seconds": ("longest", "A success that is longer ago is too old."),
}
DRILL = {
    "backup_drill_rpo_seconds": ("rpo", "Age of the newest restorable change, at the last drill."),
    "backup_drill_rto_seconds": ("rto", "How long the last drill's restore took."),
}


def render(
    last: Mapping[str, Mapping[str, Any]],
    longest: Mapping[str, int],
    now: Mapping[str, float],
) -> str:
    """The file's text. Jobs that never ran are in it: their last success was at 0.

    >>> print(render({}, {}, {"backup_problems": 2}), end="")
    # TYPE backup_problems gauge
    backup_problems 2
    """
    lines: list[str] = []
    jobs = {job: values(last.get(job, {}), age) for job, age in longest.items()}
    for name, (key, text) in JOB.items():
        if jobs:
            lines += [f"# HELP {name} {text}", f"# TYPE {name} gauge"]
        lines += [f'{name}{{job="{job}"}} {found[key]:.15g}' for job, found in jobs.items()]
    for name, (key, text) in DRILL.items():
        if key in last.get("drill", {}):
            lines += [f"# HELP {name} {text}", f"# TYPE {name} gauge"]
            lines.append(f"{name} {last['drill'][key]:.15g}")
    for name, value in now.items():
        lines += [f"# TYPE {name} gauge", f"{name} {value:.15g}"]
    return "".join(f"{line}\n" for line in lines)


def values(run: Mapping[str, Any], longest: int) -> dict[str, float]:
    """The numbers of one job."""
    begin, end = run.get("begin", 0), run.get("end", 0)
    return {
        "begin": begin,
        "end": end,
        "success": run.get("success", 0),
        "duration": end - begin,
        "size": run.get("size", 0),
        "failed": int(run.get("outcome", "ok") != "ok"),
        "longest": longest,
    }
