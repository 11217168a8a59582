"""Answers of hosts in, outcomes out."""

from __future__ import annotations

import json
import time

import pytest

from readiness.catalogue import LINES
from readiness.inside import Look, found, looks
from readiness.outcome import Outcome
from readiness.outside import _LOOKS
from tests.unit.environments import ENVIRONMENTS, LARGE, SECRETS, STANDARD, Environment

T, F, U, N = Outcome.TRUE, Outcome.FALSE, Outcome.UNKNOWN, Outcome.UNWANTED
OK = "-- status 0"


def look(id: str, part: int = 0) -> Look:
    return [each for each in looks(STANDARD.settings) if each.id == id][part]


def test_each_line_that_is_shown_is_looked_at_and_no_other() -> None:
    seen = {each.id for each in looks(STANDARD.settings)} | {id for id, _ in _LOOKS} | {"HOST-01"}
    assert seen == {line.id for line in LINES if line.is_shown}


@pytest.mark.parametrize("environment", ENVIRONMENTS, ids=lambda each: each.name)
def test_no_secret_is_in_a_question(environment: Environment) -> None:
    text = "".join(each.ask for each in looks(environment.settings))
    secrets = SECRETS.values() if isinstance(SECRETS, dict) else SECRETS
    assert not [secret for secret in secrets if str(secret) in text]


@pytest.mark.parametrize("said", [[], ["active"], ["-- status 124"], ["no such thing", OK]])
def test_what_was_not_answered_is_never_true(said: list[str]) -> None:
    for each in looks(STANDARD.settings):
        if each.ask != "true" and said[-1:] != [OK]:
            assert found(each, said).outcome is U, each.id
        elif each.ask != "true":
            assert found(each, said).outcome is not T, each.id


JOBS = {"ages": {"drill": 600_000}, "prepared": 0}


def job(**last: object) -> list[str]:
    return [json.dumps({**JOBS, "last": {"drill": last} if last else {}}), OK]


NOW = time.time()


def released(**entry: object) -> str:
    """The last line of the record of releases; one that failed before its switch has no seconds."""
    return json.dumps({"when": "2026-12-01T02:57:53Z", "who": "root", "tag": "v1", **entry})


@pytest.mark.parametrize(
    ("id", "said", "outcome"),
    [
        ("HOST-02", ["Status: active", "Default: deny (incoming), allow (outgoing)", OK], T),
        ("HOST-02", ["Status: active", "Default: allow (incoming), allow (outgoing)", OK], F),
        ("HOST-02", ["Status: inactive", OK], F),
        ("HOST-05", ["128", "17408", OK], F),
        ("HOST-05", ["4096", "17408", OK], T),
        ("HOST-09", [OK], T),
        ("HOST-09", ["the host does not know what was wanted of it", OK], F),
        ("DB-01", ["1GB", "on", OK], T),
        ("DB-01", ["1GB", "on", "shared_buffers", OK], F),
        ("DB-01", ["1GB", "off", OK], F),
        ("DB-02", ["10", "100", "-1", OK], T),
        ("DB-02", ["90", "100", "-1", OK], F),
        ("DB-02", ["10", "50", "-1", OK], F),
        ("DB-06", [OK], T),
        ("DB-06", ["items_name", OK], F),
        ("DB-10", ["app", OK], T),
        ("DB-10", ["app", "app_b", OK], F),
        ("WEB-04", ["asked=61", "after=1", OK], T),
        ("WEB-04", ["asked=61", "after=", OK], F),
        ("WEB-04", ["asked=0", OK], F),
        ("APP-03", ["a@1.service Restart=always NRestarts=2 ", OK], T),
        ("APP-03", ["a@1.service Restart=no NRestarts=0 ", OK], F),
        ("APP-03", [OK], U),
        ("APP-05", ["a@1.service TimeoutStopUSec=1min 30s ", OK], T),
        ("APP-05", ["a@1.service TimeoutStopUSec=500ms ", OK], F),
        ("REL-03", ["there is nothing to go back to", OK], U),
        ("REL-03", ['{"tag": "v1", "built": true, "live": "v2", "outdated": []}', OK], T),
        ("REL-03", ['{"tag": "v1", "built": false, "live": "v2", "outdated": []}', OK], F),
        ("REL-04", [released(outcome="live", seconds=9.5), OK], T),
        ("REL-04", [released(outcome="failed", reason="its build failed"), OK], T),
        ("REL-04", [released(who="", outcome="failed"), OK], F),
        ("BAK-02", ["on 1700000000 f 0", OK], T),
        ("BAK-02", ["on 1700000000 t 3", OK], F),
        ("BAK-02", ["on 0 f 0", OK], U),
        ("BAK-05", job(outcome="ok", success=NOW, rpo=2.0, rto=31.0), T),
        ("BAK-05", job(outcome="ok", success=NOW - 700_000, rpo=2.0, rto=31.0), F),
        ("BAK-05", job(outcome="failed", success=NOW, message="no"), F),
        ("BAK-05", job(), F),
        ("LOG-02", ['{"request_id": "a", "request_time": 0.1}', OK], T),
        ("LOG-02", ["127.0.0.1 - - GET /", OK], F),
        ("SEC-05", [OK], U),
        ("SEC-08", ["rsyslog ProtectSystem strict", "ssh LockPersonality yes", OK], T),
        ("SEC-08", ["rsyslog ProtectSystem no", "ssh LockPersonality yes", OK], F),
    ],
)
def test_an_answer_means(id: str, said: list[str], outcome: Outcome) -> None:
    assert found(look(id), said).outcome is outcome


@pytest.mark.parametrize(
    ("reader", "connections", "behind", "outcome"),
    [
        ("active", 1, 130, T),
        ("active", 0, 130, F),
        ("failed", 1, 130, F),
        ("active", 1, 5000, F),
    ],
)
def test_lines_that_wait_are_no_copy(
    reader: str, connections: int, behind: int, outcome: Outcome
) -> None:
    sent = next(each for each in looks(LARGE.settings) if each.id == "LOG-03")
    said = [f"reader={reader}", "tunnel=active", f"connections={connections}", f"behind={behind}"]
    assert found(sent, [*said, OK]).outcome is outcome


def test_lines_that_are_sent_nowhere_are_not_wanted_elsewhere() -> None:
    assert found(look("LOG-03"), [OK]).outcome is N


def test_the_drill_says_what_it_measured_and_when() -> None:
    finding = found(look("BAK-05"), job(outcome="ok", success=NOW, rpo=2.0, rto=31.0))
    assert "RPO 2 s, RTO 31 s" in finding.evidence
    assert finding.when == NOW


def test_monitoring_is_looked_at_where_it_is() -> None:
    up = '{"data": {"result": [{"metric": {"job": "node"}, "value": [1, "1"]}, %s]}}'
    node, redis = up.replace(", %s", ""), up % '{"metric": {"job": "redis"}, "value": [1, "0"]}'
    assert found(look("MON-01"), [node, OK]).outcome is T
    assert found(look("MON-01"), [redis, OK]).outcome is F
    assert "redis" in found(look("MON-01"), [redis, OK]).evidence
    assert found(look("MON-01"), ["off", OK]).outcome is N
    probed = '{"data": {"result": [{"metric": {"app": "shop"}, "value": [1, "%s"]}]}}'
    assert found(look("MON-04"), [probed % 1, OK]).outcome is T
    assert found(look("MON-04"), [probed % 0, OK]).outcome is F
    assert found(look("MON-04"), ['{"data": {"result": []}}', OK]).outcome is F
    off = [each for each in looks(LARGE.settings) if each.id == "MON-01"]
    assert found(off[0], [OK]).outcome is N
