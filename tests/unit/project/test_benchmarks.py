"""Reports of benchmarks: the last ones are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import report


def test_the_last_reports_are_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    for minute in range(report.KEPT + 2):
        report.keep({"machine": {"date": f"2026-11-22T10:{minute:02}:00Z"}}, "text")
    names = [f"2026-11-22T10{minute:02}" for minute in range(2, report.KEPT + 2)]
    kept = sorted(path.name for path in tmp_path.iterdir())
    assert kept == [f"{name}.{kind}" for name in names for kind in ("json", "md")]
    assert report.last()["machine"]["date"].startswith("2026-11-22T10:06")
