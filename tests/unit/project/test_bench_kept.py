"""Which reports of the benchmarks are kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks import report


def test_the_newest_figures_of_each_part_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Five reports of one part had thrown away the only one of releases, which bars are met in."""
    monkeypatch.setattr(report, "RESULTS", tmp_path)
    parts = ["load", "releases", *["second"] * (report.KEPT + 1)]
    for day, part in enumerate(parts, 1):
        machine = {"date": f"2026-11-{day:02}T00:00:00"}
        report.keep({"machine": machine, part: {}}, f"a report of {part}")
    kept = {
        file.stem: set(json.loads(file.read_text())) - {"machine"}
        for file in tmp_path.glob("*.json")
    }
    assert [kept.pop(f"2026-11-{day:02}T0000") for day in (1, 2)] == [{"load"}, {"releases"}]
    assert len(kept) == report.KEPT
    assert {file.stem for file in tmp_path.glob("*.md")} == {
        f.stem for f in tmp_path.glob("*.json")
    }
