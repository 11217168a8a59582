"""Each rule, judged by Prometheus' own program: it fires over its bound and not under it."""

from __future__ import annotations

from pathlib import Path

import pytest

from roles.alerts.catalogue import ALERTS
from roles.alerts.rules import lasts, rules
from roles.alerts.settings import Alerts, Limits

from .cases import CASES, Case, answers, cpu, disk
from .promtool import Look, judged

DEFAULT = Alerts()
BY_NAME = {case.name: case for case in CASES}
ALERT = {alert.name: alert for alert in ALERTS}
IDS = [case.name for case in CASES]


def test_each_rule_has_a_case() -> None:
    assert list(ALERT) == IDS


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_it_fires_over_its_bound_and_not_under_it(case: Case, tmp_path: Path) -> None:
    looks = [Look(case.over, case.at, True), Look(case.under, case.at, False)]
    assert not judged(tmp_path, case.name, looks, step=case.step, settings=DEFAULT)


@pytest.mark.parametrize("name", [name for name, alert in ALERT.items() if alert.seconds])
def test_it_waits_as_long_as_it_says(name: str, tmp_path: Path) -> None:
    """With all the patience there is it waits ten times as long, which no case lasts."""
    case, patient = BY_NAME[name], Alerts(patience_percent=1000)
    at = f"{min(lasts(ALERT[name], patient) // 60 - 1, 39)}m" if case.step == "1m" else case.at
    looks = [Look(case.over, at, False)]
    assert not judged(tmp_path, name, looks, step=case.step, settings=patient)


@pytest.mark.parametrize("name", [name for name, alert in ALERT.items() if alert.explained])
def test_work_that_explains_it_keeps_it_quiet(name: str, tmp_path: Path) -> None:
    case, explained = BY_NAME[name], ALERT[name].explained
    looks = [
        Look({**case.over, f'readyhost_busy{{what="{what}"}}': value}, case.at, value != "1x300")
        for what in explained
        for value in ("1x300", "0x300")
    ]
    assert not judged(tmp_path, name, looks, step=case.step, settings=DEFAULT)


def test_the_first_kill_of_a_unit_is_told(tmp_path: Path) -> None:
    """Its series begins with it."""
    kills = 'readyhost_unit_oom_kills_total{unit="x"}'
    looks = [
        Look({kills: "_x10 1x100"}, at, fires) for at, fires in (("20m", True), ("90m", False))
    ]
    assert not judged(tmp_path, "OutOfMemory", looks, settings=DEFAULT)


@pytest.mark.parametrize("name", ["Errors", "SlowP95", "SlowAnswers"])
def test_a_few_requests_have_no_share(name: str, tmp_path: Path) -> None:
    looks = [Look(answers(9, errors=9, slow=9), "40m", False)]
    assert not judged(tmp_path, name, looks, settings=DEFAULT)


def test_a_disk_that_is_full_by_its_nature_is_not_told(tmp_path: Path) -> None:
    looks = [Look(disk("bytes", 0, "squashfs"), "40m", False)]
    assert not judged(tmp_path, "Disk", looks, settings=DEFAULT)


def test_a_limit_moves_the_bound(tmp_path: Path) -> None:
    lower = Alerts(limits=Limits(cpu_percent=60))
    assert not judged(tmp_path, "Cpu", [Look(cpu("user", 65), "40m", True)], settings=lower)


def test_a_cache_that_is_full_by_design_is_not_told() -> None:
    assert "alert: RedisMemory" in rules(DEFAULT)
    assert "alert: RedisMemory" not in rules(DEFAULT, without=("RedisMemory",))
