"""LOAD: the last load tests of a host's applications, as `readyhost ENV load` kept them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from .outcome import Finding, aged, false, true, unknown

HOSTS = ("CPU", "memory", "database connections")
"""The triggers of LOAD-02; what visitors notice is LOAD-01."""

PERIOD = 180  # days: after so long it is another application's
Test = Mapping[str, Any]


def looked(tests: Sequence[Test], host: str) -> Iterator[tuple[str, Finding]]:
    """tests: the oldest first. Nothing where there was none: nobody has to make one. The last of
    each kind and application counts; one that was broken off does not."""
    whole = [each for each in tests if each.get("host") == host and each.get("stages")
             and not each.get("abort")]  # fmt: skip
    last = {(str(each.get("kind", "stages")), each.get("application")): each for each in whole}
    several = len({application for _, application in last}) > 1
    for (kind, application), test in last.items():
        for id, judge in _KINDS[kind]:
            found = judge(test)
            words = f"{application}: {found.evidence}" if several else found.evidence
            dated = Finding(found.outcome, words, float(test["begin"]))
            yield id, aged(dated, PERIOD, time.time())


def _capacity(test: Test) -> Finding:
    """False for a host that did not even bear its first stage."""
    capacity, first = test["capacity"], test.get("first")
    least = "at least" if capacity["at_least"] else "about"
    words = f"last load test: {least} {capacity['users']} users at p95 < 500 ms"
    words += f"; first to give out: {first['what']}" if first else ""
    return true(words) if capacity["users"] else false(words)


def _held(test: Test) -> Finding:
    """False for a host whose first stage was beyond what it should be used to."""
    least = min(float(stage["users"]) for stage in test["plan"])
    seen = [
        each for each in test["verdicts"] if each["name"] in HOSTS and each["value"] is not None
    ]
    over = [each for each in seen if each["users"] is not None]
    words = [f"{each['name']} {each['value']:.0f}{_of(each)}" for each in seen]
    said = f"last load test: {', '.join(words) or 'nothing of the host was seen'}"
    if not seen:
        return unknown(said)
    return false(said) if any(each["users"] <= least for each in over) else true(said)


def _of(verdict: Mapping[str, Any]) -> str:
    """What the value is of, and from how many users on it was too much."""
    unit = f" {verdict['unit']}".replace(" %", "%")
    if verdict["users"] is None:
        return f"{unit} at most"
    return f"{unit} at {verdict['users']} users (not {verdict['most']:.0f})"


def _soaked(test: Test) -> Finding:
    """False for an application that leaks."""
    hours = sum(float(stage["seconds"]) for stage in test["plan"]) / 3600
    leaks = [f"{each['who']}: {each['what']}" for each in test["grown"] if each["leaks"]]
    said = f"last soak, {hours:.3g} hours"
    return false(f"{said}: {', '.join(leaks)} grow") if leaks else true(f"{said}: nothing leaks")


def _gained(test: Test) -> Finding:
    single = test.get("single")
    if not single:
        return true("the last one had no figures of one process")
    gained = f"{single['gained']:.0%}"
    return true(f"all processes answer {gained} more than one ({single['all']:.0f} /s)")


_KINDS = {
    "stages": (("LOAD-01", _capacity), ("LOAD-02", _held)),
    "soak": (("LOAD-03", _soaked),),
    "single": (("LOAD-04", _gained),),
}
