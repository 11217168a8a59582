"""Verdicts, what gave out first, and how many users a host bears."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from load import judging, report
from load.figures import Figures, Times
from load.report.terminal import elsewhere, gave_out
from settings import Settings

NONE = Times(0, None, None, None, None, 0.0)
CORES = 4


def stage(users: int, p95: float = 100, **host: float) -> Figures:
    times = Times(1000, p95 / 2, p95 / 2, p95, p95 * 1.5, 0.0)
    return Figures(users, 30, 100, 1000, 0, times, NONE, times, 0.2, 0.0, {"cpu": 20, **host})


def only(given: Figures, **fields: Any) -> judging.First:
    found = judging.first([stage(100), replace(given, **fields)], CORES)
    assert found and found.users == given.users
    return found


def test_LOAD_02_each_trigger_is_judged_where_it_is_first_reached() -> None:
    full = stage(500, 700, cpu=83, memory=85, disk=76, database_connections=41, database_most=50)
    found = {each.name: each for each in judging.verdicts([stage(100), full, stage(1000, 900)])}
    assert len(found) == 6
    over = {name for name, each in found.items() if each.users == 500}
    assert over == {"CPU", "memory", "disk", "database connections", "p95"}
    assert found["CPU"].value == 83 and found["database connections"].value == 82
    assert found["answers over 1 s"].users is None


def test_LOAD_02_what_was_not_seen_is_not_said_to_hold() -> None:
    (memory,) = [each for each in judging.verdicts([stage(100)]) if each.name == "memory"]
    assert memory.value is None


@pytest.mark.parametrize(
    ("host", "what"),
    [
        ({"cpu": 91.0}, "CPU"),
        ({"memory": 90.0}, "memory"),
        ({"disk": 80.0}, "disk"),
        ({"pool_waiting": 12.0}, "the pool of database connections"),
        ({"database_connections": 45.0, "database_most": 50.0}, "database connections"),
        ({"steal": 20.0}, "the machine below"),
    ],
)
def test_LOAD_02_what_gave_out_first_is_named(host: dict[str, float], what: str) -> None:
    assert only(stage(200, 800, **host)).what == what


def test_LOAD_02_a_slow_answer_alone_is_the_applications() -> None:
    quick = {"p95": 3, "count": 1, "errors": 0}
    slow = replace(stage(200, 800), paths={"GET /": quick, "GET /report": {**quick, "p95": 900}})
    found = only(slow)
    assert found.what == "the application itself" and "GET /report" in found.seen


def test_LOAD_01_a_test_that_is_slow_itself_says_so() -> None:
    assert only(stage(200, 800, cpu=90), client=0.97).what == "this machine, not the host"
    late = only(stage(200, 800), late=0.12)
    assert late.what == "this machine, not the host" and "0.12 s behind" in late.seen


def test_LOAD_02_work_of_something_else_is_not_the_applications() -> None:
    """A backup, or what else is on a container's machine, is moved by no setting of its own."""
    units = {"shop-web@1": {"cores": 0.2}, "shop-web@2": {"cores": 0.2}, "nginx": {"cores": 0.3}}
    other = only(stage(200, 800, cpu=90), units=units)
    assert other.what == "CPU, by something else" and not other.settings
    units = {**units, "shop-web@1": {"cores": 1.5}, "shop-web@2": {"cores": 1.4}}
    own = only(stage(200, 800, cpu=90), units=units)
    assert own.what == "CPU" and "most of it shop-web (2.9)" in own.seen


def test_LOAD_02_quick_errors_are_no_matter_of_load() -> None:
    why = "URL https://shop.example/login: code=404"
    wrong = replace(stage(200, 40, cpu=75), errors=900, reasons={why: 900})
    found = only(wrong)
    assert found.what == "errors, not load" and why in found.seen and "90%" in found.seen
    slow = replace(stage(200, 900, cpu=95), errors=900, reasons={why: 900})
    assert only(slow).what == "CPU"


def test_LOAD_02_processes_with_a_core_each_want_more_processes() -> None:
    units = {"shop-web@1": {"cores": 0.98}, "shop-web@2": {"cores": 0.95}, "nginx": {"cores": 0.1}}
    assert only(stage(200, 800, cpu=55), units=units).what == "the web processes"


def test_LOAD_02_a_process_at_its_ceiling_is_named() -> None:
    units = {"shop-worker@1": {"memory": 95 * 2.0**20, "ceiling": 100 * 2.0**20}}
    assert only(stage(200), units=units).what == "memory of shop-worker@1"


def test_LOAD_02_nothing_gave_out() -> None:
    assert judging.first([stage(100), stage(1000)], CORES) is None


def test_LOAD_01_capacity_is_between_the_last_good_stage_and_the_first_that_is_not() -> None:
    assert judging.capacity([stage(100, 100), stage(300, 900)]) == judging.Capacity(200, False)
    assert judging.capacity([stage(100), stage(300)]) == judging.Capacity(300, True)
    assert judging.capacity([stage(100, 600)]) == judging.Capacity(0, False)
    wrong = replace(stage(300, 100), errors=50)
    assert judging.capacity([stage(100), wrong]) == judging.Capacity(100, False)
    assert judging.capacity([]) == judging.Capacity(0, True)


def test_LOAD_01_arrivals_by_the_clock_count_as_much() -> None:
    late = replace(stage(200, 100), open=replace(stage(200, 900).closed))
    assert judging.capacity([late]) == judging.Capacity(0, False)


def test_settings_that_are_named_exist() -> None:
    hosts = [{"memory": 90.0}, {"disk": 80.0}, {"pool_waiting": 2.0}, {"cpu": 99.0},
             {"database_connections": 45.0, "database_most": 50.0}, {}]  # fmt: skip
    stages = [stage(200, 800, **host) for host in hosts]
    stages.append(replace(stage(1), reasons={"code=429": 3}))
    stages.append(replace(stage(1), units={"a": {"memory": 1.0, "ceiling": 1.0}}))
    keys = {key for each in stages for key in getattr(judging.first([each], 4), "settings", ())}
    assert len(keys) > 5
    for key in keys:
        model: Any = Settings
        for part in key.split("."):
            assert part in model.model_fields, key
            model = model.model_fields[part].annotation


def test_a_hosts_words_do_nothing_to_the_terminal() -> None:
    found: dict[str, Any] = {
        "stages": [],
        "told": [{"errors": {"\x1b[2Jcode=500": 7}}],
        "verdicts": [],
        "first": None,
        "capacity": {},
        "kind": "soak",
        "cost": 0.0,
        "grown": [{"leaks": True, "words": "\x1b]0;title\x07 grows"}],
        "restarts": {"\x1b[8mhidden": 1},
    }
    said = "".join(report.terminal(found, []))
    assert "title" in said and "hidden" in said and "failed 7 times: " in said
    assert "\x1b" not in said and "\x07" not in said


def test_LOAD_02_a_test_without_a_stage_does_not_say_that_all_held() -> None:
    assert "not seen" in gave_out({"stages": [], "first": None})
    assert gave_out({"stages": [stage(100).as_dict()], "first": None}) == "nothing gave out"


def test_LOAD_02_a_scenario_that_is_not_signed_in_is_said() -> None:
    """Each page led to the one that signs in: that alone was measured."""
    seen = replace(stage(100), moved={"/": 300, "/children/N/": 200, "/logout": 1})
    found = {"stages": [seen.as_dict()]}
    said = elsewhere(found)
    assert said.startswith("50% of the answers led elsewhere, most of them from /, /children/N/")
    some = replace(stage(100), moved={"/login": 100})
    assert elsewhere({"stages": [some.as_dict()]}) == ""
    # A test of a former version has no such figure.
    former = {name: value for name, value in seen.as_dict().items() if name != "moved"}
    assert elsewhere({"stages": [former]}) == ""
