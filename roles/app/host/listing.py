"""The releases on a host, for people."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from . import built, lost, record, slots, trees
from .layout import Layout


def releases(layout: Layout) -> list[dict[str, str]]:
    """Built releases, the last that was made live first: tag, commit, when and by whom that was,
    state, size (MiB)."""
    live = slots.started(layout, slots.live(layout))
    entries = record.read(layout.record)
    losses = lost.read(layout)
    previous = record.previous(entries, live.tag if live else None)
    found = []
    for tag, builds in built.every(layout).items():
        last = builds[-1]
        mine = [entry for entry in entries if entry.get("tag") == tag]
        state = {live.tag if live else "": "live", previous: "previous"}.get(tag, "")
        if not state and record.failure(entries, tag) is not None:
            state = "failed"
        reason = record.failure(entries, tag) if state == "failed" else ""
        if reason and lost.MEMORY in reason:
            state = f"failed: {lost.MEMORY}{_advice(reason)}"
        gone = losses.get(tag)
        if gone and not (live and live.tag == tag and live.identity != gone.identity):
            state = f"{state}, {lost.times(gone)}{_advice(gone.said)}".removeprefix(", ")
        if any(built.damage(layout, tag, build) for build in builds):
            state = f"{state}, damaged".removeprefix(", ")
        found.append(
            {
                "tag": tag,
                "commit": last.commit[:12],
                "when": mine[-1].get("when", "") if mine else last.when,
                "who": mine[-1]["who"] if mine else "",
                "state": state,
                "size": f"{sum(_size_mb(built.folder_of(layout, b)) for b in builds)} MiB",
            }
        )
    return sorted(found, key=lambda release: release["when"], reverse=True)


def _advice(said: str) -> str:
    """The setting that is missing, as a list has it."""
    return f" ({found})" if (found := trees.advised(said)) else ""


def table(rows: list[dict[str, str]]) -> str:
    """Rows as aligned columns under their names."""
    if not rows:
        return "no release is built"
    names = list(rows[0])
    width = {name: max(len(name), *(len(row[name]) for row in rows)) for name in names}
    lines = [names, *([row[name] for name in names] for row in rows)]
    return "\n".join(
        "  ".join(cell.ljust(width[names[i]]) for i, cell in enumerate(line)).rstrip()
        for line in lines
    )


def as_json(rows: list[dict[str, str]]) -> str:
    return json.dumps(rows)


def _size_mb(folder: Path) -> int:
    done = subprocess.run(
        ["du", "-sm", "--", str(folder)], check=False, capture_output=True, text=True
    )
    return int(done.stdout.split()[0]) if done.stdout else 0
