"""What a person sees of a test over its time."""

from __future__ import annotations

import re

from load.report.page import _cores
from load.report.plots import LETTER, Line, plot


def test_no_number_of_an_axis_is_cut_off() -> None:
    text = plot([Line("p95", [(0, 1.0), (9, 60_000.0)])], unit=" ms")
    labels = re.findall(r'<text x="([0-9.]+)"[^>]*text-anchor="end">([^<]+)<', text)
    assert "60000 ms" in [words for _, words in labels]
    assert all(float(x) >= LETTER * len(words) for x, words in labels)


def test_web_processes_are_one_line_beside_the_others() -> None:
    def sample(at: float, *cpu: float) -> dict[str, object]:
        names = ("shop-web@1", "shop-web@2", "nginx")
        return {"at": at, "units": {n: {"cpu": c} for n, c in zip(names, cpu, strict=True)}}

    # The second process is started anew: its time begins at nothing.
    lines = _cores([sample(10, 1, 5, 0), sample(12, 2, 6, 1), sample(14, 4, 0, 1)], 10)
    assert {line.name: line.points for line in lines} == {
        "shop-web": [(2, 1.0), (4, 1.0)],
        "nginx": [(2, 0.5), (4, 0.0)],
    }
