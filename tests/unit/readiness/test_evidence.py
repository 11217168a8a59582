"""What was proven by alerts and load tests, when, and that it is said when that is long ago."""

from __future__ import annotations

import http.server
import json
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from readiness import load_tests
from readiness.inside import alerts as looked
from readiness.inside import found
from readiness.outcome import Outcome, aged, true
from roles.alerts.catalogue import AREAS
from roles.alerts.host import proof
from roles.alerts.rules import rules
from roles.alerts.settings import Alerts
from roles.core.host.errors import HostError

from .test_looks import OK, look

T, F, U = Outcome.TRUE, Outcome.FALSE, Outcome.UNKNOWN
DAY = 86_400
READY = ["manager=active", "prometheus=active", "rules=40", "loaded=40", "way=1"]


def told(*more: str, **other: str) -> list[str]:
    lines = [f"{key}={other.get(key, value)}" for key, value in (each.split("=") for each in READY)]
    return [*lines, *more, OK]


@pytest.mark.parametrize(
    ("other", "outcome", "words"),
    [
        ({}, T, "40 rules are loaded"),
        ({"loaded": "12"}, F, "12 of 40 rules"),
        ({"loaded": "40 DiskFull Slow"}, F, "DiskFull, Slow"),
        ({"way": "0"}, F, "no Alertmanager"),
        ({"manager": "failed", "loaded": ""}, F, "manager is failed"),
        ({"loaded": ""}, U, "not understood"),
    ],
)
def test_rules_are_those_that_prometheus_has(
    other: dict[str, str], outcome: Outcome, words: str
) -> None:
    for id, more in (("MON-02", []), ("MON-03", ["none"])):
        finding = found(look(id), told(*more, **other))
        assert finding.outcome is outcome, id
        assert words in finding.evidence or outcome is U


def test_the_last_test_alert_is_evidence() -> None:
    def said(ago: float, wrong: str = "") -> Any:
        when = time.time() - ago
        record = json.dumps({"when": when, "to": ["email", "slack"], "wrong": wrong})
        return found(look("MON-03"), told(record))

    taken = said(3600)
    assert taken.outcome is T and taken.when == pytest.approx(time.time() - 3600, abs=60)
    assert "taken by email, slack" in taken.evidence and "old" not in taken.evidence
    old = said((looked.PERIOD + 10) * DAY)
    assert old.outcome is T and "100 days old, its period is 90" in old.evidence
    assert said(3600, "not taken: slack").outcome is F
    none = found(look("MON-03"), told("none"))
    assert none.outcome is T and "alert-test" in none.evidence


@pytest.mark.parametrize(
    ("ago", "outcome"), [(30, T), (looked.BEATS + 60, F), (None, U)], ids=["now", "old", "none"]
)
def test_a_heartbeat_is_of_now(ago: int | None, outcome: Outcome) -> None:
    at = "" if ago is None else str(int(time.time() - ago))
    finding = found(look("MON-06"), ["timer=active", "result=success", f"at={at}", OK])
    assert finding.outcome is outcome


class _Rules(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.end_headers()
        rules = [{"name": "Slow one", "type": "alerting", "health": "err"},
                 {"name": "b", "type": "alerting", "health": "ok"},
                 {"name": "c", "type": "recording", "health": "ok"}]  # fmt: skip
        self.wfile.write(
            json.dumps(
                {
                    "data": {
                        "groups": [
                            {"name": "Host", "rules": rules},
                            {"name": "Data", "rules": rules[1:]},
                            {"name": "Heartbeat", "rules": rules},
                        ]
                    }
                }
            ).encode()
        )

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def prometheus() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Rules)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_address[1]
    server.shutdown()
    server.server_close()


def test_prometheus_is_asked_for_its_rules(prometheus: int) -> None:
    def said(port: int) -> str:
        ask = (looked._LOADED % "Host|Data").replace(":9090/", f":{port}/")
        return subprocess.check_output(["/bin/sh", "-c", ask], text=True)

    assert said(prometheus) == "loaded=3 Slow one\n"
    assert said(1) == "loaded=\n"


def test_each_rule_is_of_one_line_and_the_file_is_counted_by_them(tmp_path: Path) -> None:
    named = [each for groups in looked.GROUPS.values() for each in groups]
    assert sorted(named) == sorted(AREAS)
    file = tmp_path / "rules.yml"
    file.write_text(rules(Alerts()))
    for id, groups in looked.GROUPS.items():
        ask = (looked._RULES % "|".join(groups)).replace(looked.RULES, str(file))
        said = subprocess.check_output(["/bin/sh", "-c", ask], text=True)
        assert said == f"rules={sum(len(AREAS[each]) for each in groups)}\n", id


@pytest.mark.parametrize("wrong", ["", "Alertmanager did not get it"])
def test_a_test_alert_leaves_what_became_of_it(
    wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fires(end: float) -> dict[str, tuple[int, int]]:
        assert json.loads(proof.RECORD.read_text())["wrong"], "one that is killed was not taken"
        if wrong:
            raise HostError(wrong)
        return {"email": (0, 0)}

    monkeypatch.setattr(proof, "FACT", tmp_path / "fact")
    monkeypatch.setattr(proof, "RECORD", tmp_path / "state" / "test.json")
    monkeypatch.setattr(proof, "_fires", fires)
    monkeypatch.setattr(proof.manager, "receivers", lambda: {"people": {"email": 1}})
    monkeypatch.setattr(proof.manager, "sent", lambda: {"email": (1, 0)})
    monkeypatch.setattr(os, "fchmod", lambda *_: None)
    try:
        list(proof.run())
    except HostError:
        assert wrong
    record = json.loads(proof.RECORD.read_text())
    assert (record["to"], record["wrong"]) == (["email"], wrong)
    assert time.time() - record["when"] < 60


def kept(kind: str = "stages", ago: float = DAY, **more: Any) -> dict[str, Any]:
    return {
        "host": "web", "application": "shop", "kind": kind, "stages": [{}], "abort": "",
        "begin": time.time() - ago, "plan": [{"users": 100, "seconds": 7200.0}], "grown": [],
        "capacity": {"users": 500, "at_least": True}, "first": None, "verdicts": [], **more,
    }  # fmt: skip


def test_the_last_load_test_of_each_kind_is_evidence() -> None:
    leak = {"who": "shop-web-blue@1", "what": "memory", "leaks": True}
    quiet = {"who": "redis-server", "what": "memory", "leaks": False}
    all_of = [
        kept(ago=200 * DAY, capacity={"users": 0, "at_least": False}),
        kept(ago=2 * DAY),
        kept("soak", grown=[leak, quiet]),
        kept("single", single={"gained": 1.5, "all": 900.0}),
        kept(abort="errors", capacity={"users": 0, "at_least": False}),
        kept(host="other", capacity={"users": 0, "at_least": False}),
    ]
    lines = dict(load_tests.looked(all_of, "web"))
    assert set(lines) == {"LOAD-01", "LOAD-02", "LOAD-03", "LOAD-04"}
    # A soak has one stage: it says nothing of how many the host bears.
    assert lines["LOAD-01"].outcome is T and "at least 500 users" in lines["LOAD-01"].evidence
    assert lines["LOAD-01"].when == all_of[1]["begin"]
    assert lines["LOAD-03"].outcome is F
    assert "2 hours: shop-web-blue@1: memory grow" in lines["LOAD-03"].evidence
    assert "redis" not in lines["LOAD-03"].evidence
    assert "150%" in lines["LOAD-04"].evidence
    assert not list(load_tests.looked([], "web"))


def full(name: str, unit: str, most: float, users: int | None, value: float) -> dict[str, Any]:
    return {"name": name, "unit": unit, "most": most, "users": users, "value": value}


@pytest.mark.parametrize(
    ("users", "outcome", "said"),
    [(None, T, "CPU 40% at most"), (500, T, "CPU 40% at 500 users (not 70)"),
     (100, F, "CPU 40% at 100 users (not 70)")],
)  # fmt: skip
def test_how_full_a_load_made_the_host_is_said(
    users: int | None, outcome: Outcome, said: str
) -> None:
    seen = [full("CPU", "%", 70, users, 40.4), full("p95", "ms", 500, 100, 900)]
    found = dict(load_tests.looked([kept(verdicts=seen)], "web"))["LOAD-02"]
    assert (found.outcome, found.evidence) == (outcome, f"last load test: {said}")
    unseen = dict(load_tests.looked([kept()], "web"))["LOAD-02"]
    assert unseen.outcome is U


def test_each_application_has_its_own_load_test_and_an_old_one_is_said() -> None:
    bad: dict[str, Any] = {"capacity": {"users": 0, "at_least": False}, "application": "blog"}
    lines = list(load_tests.looked([kept(ago=200 * DAY), kept(**bad)], "web"))
    assert [each.outcome for id, each in lines if id == "LOAD-01"] == [T, F]
    assert lines[0][1].evidence.startswith("shop: ")
    assert "200 days old, its period is 180" in lines[0][1].evidence


def test_what_has_no_time_or_is_of_now_is_not_old() -> None:
    assert aged(true("a"), 1, 1e9) == true("a")
    assert aged(true("a", 1e9), 1, 1e9 + DAY) == true("a", 1e9)
