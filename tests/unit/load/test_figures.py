"""What was seen in a stage, as numbers."""

from __future__ import annotations

from typing import Any

from load.figures import figures
from load.stages import Stage


def line(at: float, answers: int, **failed: int) -> dict[str, Any]:
    seen = {"closed": {"GET /": {"10": answers}}, "open": {}}
    return {"stage": 0, "at": at, "steady": True, "seen": seen, "late": 0.0, "cpu": 0.0,
            "errors": {"why": sum(failed.values())}, "failed": failed}  # fmt: skip


def test_LOAD_01_what_came_to_no_answer_was_asked_for_too() -> None:
    """More errors than requests would be no share."""
    said = [line(0, 0), line(1, 10, arrival=20, on_start=10), line(2, 10, arrival=20)]
    found = figures(0, Stage(10, 30), said, [])
    assert found and found.requests == 70 and found.errors == 50
    assert round(found.wrong, 2) == 0.71
