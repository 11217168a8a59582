"""Each rule, judged by Prometheus' own program: it fires over its bound and not under it."""

from __future__ import annotations

from pathlib import Path

import pytest

from roles.alerts.catalogue import ALERTS
from roles.alerts.rules import lasts, rules
from roles.alerts.settings import Alerts, Limits

from .cases import _BACKUP, CASES, Case, _answers, _cpu
from .promtool import Series, firing

DEFAULT = Alerts()
BY_NAME = {case.name: case for case in CASES}
IDS = [case.name for case in CASES]


def test_each_rule_has_a_case() -> None:
    assert IDS == [alert.name for alert in ALERTS]


@pytest.mark.parametrize("case", CASES, ids=IDS)
def test_it_fires_over_its_bound_and_not_under_it(case: Case, tmp_path: Path) -> None:
    assert firing(tmp_path, case.name, case.over, case.at, step=case.step, settings=DEFAULT)
    assert not firing(tmp_path, case.name, case.under, case.at, step=case.step, settings=DEFAULT)


@pytest.mark.parametrize("name", [a.name for a in ALERTS if a.seconds and not a.lasts])
def test_it_waits_as_long_as_it_says(name: str, tmp_path: Path) -> None:
    """It was true all the time until `at`, and began with it in the second case."""
    case, alert = BY_NAME[name], {a.name: a for a in ALERTS}[name]
    slow = Alerts(patience_percent=1000)
    # Ten times the time is longer than each of these tests.
    if lasts(alert, slow) > 40 * 60:
        assert not firing(tmp_path, name, case.over, "39m", settings=slow)


@pytest.mark.parametrize("name", [a.name for a in ALERTS if a.explained])
def test_work_that_explains_it_keeps_it_quiet(name: str, tmp_path: Path) -> None:
    case, alert = BY_NAME[name], {a.name: a for a in ALERTS}[name]
    for what in alert.explained:
        busy = {f'readyhost_busy{{what="{what}"}}': "1x100"}
        over: Series = {**case.over, **busy}
        assert not firing(tmp_path, name, over, case.at, step=case.step, settings=DEFAULT), what
    idle: Series = {**case.over, 'readyhost_busy{what="release"}': "0x100"}
    assert firing(tmp_path, name, idle, case.at, step=case.step, settings=DEFAULT)


def test_a_backup_that_never_was_counts_from_the_boot(tmp_path: Path) -> None:
    for boot, expected in (("1x500", True), ("20000x500", False)):
        series = {_BACKUP: "0x500", "node_boot_time_seconds": boot}
        fires = firing(tmp_path, "BackupOld", series, "30h10m", step="15m", settings=DEFAULT)
        assert fires is expected


@pytest.mark.parametrize("name", ["Errors", "SlowP95", "SlowAnswers"])
def test_a_few_requests_have_no_share(name: str, tmp_path: Path) -> None:
    few = _answers(9, errors=9, slow=9)
    assert not firing(tmp_path, name, few, "40m", settings=DEFAULT)


def test_a_full_disk_that_is_so_by_nature_is_none(tmp_path: Path) -> None:
    from .cases import _disk

    assert not firing(tmp_path, "Disk", _disk("bytes", 0, "squashfs"), "40m", settings=DEFAULT)


def test_a_limit_moves_the_bound(tmp_path: Path) -> None:
    lower = Alerts(limits=Limits(cpu_percent=60))
    assert firing(tmp_path, "Cpu", _cpu("user", 65), "40m", settings=lower)


def test_a_cache_that_is_full_by_design_is_not_told() -> None:
    assert "alert: RedisMemory" in rules(DEFAULT)
    assert "alert: RedisMemory" not in rules(DEFAULT, without=("RedisMemory",))
