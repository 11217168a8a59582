"""Plots of what a host has measured: a host's answers in, a page out."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Literal

import pytest

from readiness import measured, output
from readiness.measured import ASKED, CHOSEN, OVER, SHOWN, Measured, answered, question
from roles.monitoring.settings import Monitoring
from settings import Settings
from tests.unit.environments import STANDARD

NOW = 1_795_906_800.0


def answer(label: str = "v1") -> str:
    values = [[NOW - 1200, "1"], [NOW - 600, "2"], [NOW, "3"]]
    found = {"metric": {"app": "shop", "tag": label, "unit": "<b>"}, "values": values}
    return json.dumps({"data": {"result": [found]}})


def settings(mode: Literal["off", "local", "auto"]) -> Settings:
    return STANDARD.settings.model_copy(update={"monitoring": Monitoring(mode=mode)})


def page(**found: Measured) -> str:
    return output.page("prod", NOW, {"one": []}, [], found)


def test_a_day_and_a_month_are_drawn_and_nothing_is_asked_of_a_network() -> None:
    plots = answered([answer()] * len(ASKED), NOW)
    assert plots
    text = page(one=plots)
    assert text.count("<figure>") == len(CHOSEN) * 2 == len(SHOWN) * 2
    assert "Last day</h3>" in text and "Last month</h3>" in text
    assert "Nothing was measured" not in text
    assert "&lt;b&gt;" in text and "<b>: " not in text
    assert not re.search(r"(?:src|href|action)\s*=|url\(|@import|<script|https?://", text)


def test_where_nothing_is_measured_nothing_is_asked_nor_said() -> None:
    assert question(settings("off"), NOW) == ""
    assert answered(["off"], NOW) is None
    assert "measured" not in re.sub(r"<style>.*?</style>", "", page(), flags=re.DOTALL)


@pytest.mark.parametrize("said", [[], ["no JSON"], [answer()] * 3])
def test_a_prometheus_that_does_not_answer_is_said_and_nothing_drawn(said: list[str]) -> None:
    plots = answered(said, NOW)
    assert plots and not plots.ranges
    assert f"{len(said)} of {len(ASKED)} answers" in page(one=plots)


def test_an_answer_that_is_none_is_nothing_measured() -> None:
    plots = answered(["no JSON"] * len(ASKED), NOW)
    assert plots
    assert page(one=plots).count("Nothing was measured") == len(CHOSEN) * len(OVER)


def test_the_question_is_shell_and_has_an_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """curl is a stand-in that answers nobody: the question ends all the same, without a failure."""
    curl = tmp_path / "curl"
    curl.write_text("#!/bin/sh\ncat > $0.asked\nexec sleep 60\n")
    curl.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(measured, "STATE", tmp_path)
    monkeypatch.setattr(measured, "LONGEST", 1)
    done = subprocess.run(
        ["/bin/sh", "-c", question(settings("local"), NOW)], capture_output=True, timeout=20,
        check=False,
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, b"")
    assert (tmp_path / "curl.asked").read_text().count("url = ") == len(ASKED)
    monkeypatch.setattr(measured, "STATE", tmp_path / "none")
    text = question(settings("auto"), NOW)
    assert subprocess.check_output(["/bin/sh", "-c", text]) == b"off\n"


def test_many_hosts_are_folded_and_one_is_not() -> None:
    plots = answered([answer()] * len(ASKED), NOW)
    assert plots
    assert '<details class="measured" open>' in page(one=plots)
    assert "open>" not in page(one=plots, two=plots)
