"""The releases on a host, for people."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from . import disk, record, slots
from .build import BUILT
from .layout import Layout


def releases(layout: Layout) -> list[dict[str, str]]:
    """Built releases, the last that was made live first: tag, commit, when and by whom that was,
    state, size (MiB)."""
    live = slots.started(layout, slots.live(layout))
    entries = record.read(layout.record)
    previous = record.previous(entries, live.tag if live else None)
    found = []
    for path in (layout.etc / "releases").glob(f"*/{BUILT}"):
        tag, facts = path.parent.name, disk.read_json(path)
        mine = [entry for entry in entries if entry.get("tag") == tag]
        state = {live.tag if live else "": "live", previous: "previous"}.get(tag, "")
        if not state and record.failure(entries, tag) is not None:
            state = "failed"
        found.append(
            {
                "tag": tag,
                "commit": facts.get("commit", "")[:12],
                "when": mine[-1].get("when", "") if mine else facts.get("when", ""),
                "who": mine[-1]["who"] if mine else "",
                "state": state,
                "size": f"{_size_mb(layout.release(tag))} MiB",
            }
        )
    return sorted(found, key=lambda release: release["when"], reverse=True)


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
