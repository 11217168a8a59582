"""What of the checklist is false on a demo because it is one, and what would make it true."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

OF_A_DEMO = {
    "WEB-02": "no public name leads to it, so its certificate is its own",
    "APP-10": "nobody has given it a Sentry",
    "BAK-04": "nobody has given it a place for copies",
    "MON-06": "nobody has given it a heartbeat",
    "SEC-07": "as BAK-04",
}
"""Why, by line."""


def lines(report: Mapping[str, Any]) -> Iterator[str]:
    """What to say of a report (ready.json) of a demo's host beside it."""
    found = {
        id: line["outcome"]
        for host in report["hosts"].values()
        for id, line in host["lines"].items()
    }
    wrong = [id for id, outcome in found.items() if outcome == "false"]
    here = [id for id in wrong if id in OF_A_DEMO]
    if here:
        yield f"False because this is a demo ({len(here)} of {len(wrong)}):"
        yield from (f"  {id}: {OF_A_DEMO[id]}" for id in here)
    if others := [id for id in wrong if id not in OF_A_DEMO]:
        yield f"False for another reason: {', '.join(others)}"
