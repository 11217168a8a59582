"""What the demo says of its report: a newcomer sees which false lines are the demo's own."""

from __future__ import annotations

from readiness.catalogue import BY_ID
from vagrant.expected import OF_A_DEMO, lines


def report(**outcomes: str) -> dict[str, object]:
    found = {id.replace("_", "-"): {"outcome": outcome} for id, outcome in outcomes.items()}
    return {"hosts": {"demo": {"counts": {}, "lines": found}}}


def test_what_is_false_because_it_is_a_demo_is_told_from_what_is_not() -> None:
    said = list(lines(report(WEB_02="false", DB_01="false", SEC_07="false", APP_10="true")))
    assert said[0] == "False because this is a demo (2 of 3):"
    assert [line.split(":")[0].strip() for line in said[1:3]] == ["WEB-02", "SEC-07"]
    assert said[3:] == ["False for another reason: DB-01"]


def test_where_nothing_is_false_nothing_is_said() -> None:
    assert list(lines(report(WEB_02="true", DB_01="could not look"))) == []


def test_they_are_lines_of_the_checklist() -> None:
    assert set(OF_A_DEMO) <= set(BY_ID)
