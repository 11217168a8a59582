"""MON: whether somebody would be told."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

from roles.alerts.files import BEAT, RULES, UNIT
from roles.alerts.host.proof import RECORD
from roles.monitoring.names import PROMETHEUS_PORT

from ..outcome import Finding, Outcome, aged, either, false, true, unknown, unwanted
from .judging import pairs
from .look import Look

if TYPE_CHECKING:
    from settings import Settings

_READY = (
    f"echo manager=$(systemctl is-active {UNIT}); echo prometheus=$(systemctl is-active prometheus)"
)
PERIOD = 90  # days: people, addresses and passwords of receivers change
BEATS = 600
"""Seconds: it is sent each minute, and services are told of ten."""
GROUPS = {
    "MON-02": ("Visitors", "Host", "Data"),
    "MON-03": ("What breaks quietly", "The monitoring itself"),
}
"""Which rules each line is about, by the groups of the file."""
_RULES = f"""echo rules=$(awk -v 'wanted=|%s|' '
/^  - name: / {{ on = index(wanted, "|" substr($0, 11) "|") }}
on && /- alert:/ {{ n++ }}
END {{ print n + 0 }}' {RULES} 2>/dev/null)"""
_LOADED = f"""echo loaded=$(curl -s --max-time 5 http://127.0.0.1:{PROMETHEUS_PORT}/api/v1/rules \\
 | python3 -Ic '
import json, sys
groups = json.load(sys.stdin)["data"]["groups"]
wanted = sys.argv[1].split("|")
rules = [each for group in groups if group["name"] in wanted for each in group["rules"]]
rules = [each for each in rules if each["type"] == "alerting"]
bad = sorted({{each["name"] for each in rules if each["health"] == "err"}})
print(len(rules), *bad)' '%s' 2>/dev/null)"""
_TESTED = f"cat {RECORD} 2>/dev/null || echo none"
# Prometheus says how many Alertmanagers take its alerts, and what they refused.
_WAY = (
    "curl -s --max-time 5 http://127.0.0.1:9090/metrics"
    " | sed -nE 's/^prometheus_notifications_alertmanagers_discovered ([0-9]+)$/way=\\1/p'"
)
# In UTC: other zones' short names mean several things to date.
_BEAT = (
    f"echo timer=$(systemctl is-active {BEAT}.timer);"
    f" echo result=$(systemctl show -P Result {BEAT}.service);"
    f" at=$(TZ=UTC systemctl show -P ExecMainExitTimestamp {BEAT}.service);"
    ' echo at=$([ -z "$at" ] || date -d "$at" +%s)'
)


def looks(settings: Settings) -> list[Look]:
    """What is asked of the host about its alerts."""
    return [_told("MON-02", settings), _told("MON-03", settings), _heartbeat(settings)]


def _told(id: str, settings: Settings) -> Look:
    if not settings.alerts.enabled:
        return Look(id, "true", lambda _: unwanted("alerts.enabled is not set"))
    groups = "|".join(GROUPS[id])
    ask = f"{_READY}; {_RULES % groups}; {_LOADED % groups}; {_WAY}"
    if id == "MON-03":
        return Look(id, f"{ask}; {_TESTED}", _tested)
    return Look(id, ask, _ready)


def _ready(said: list[str]) -> Finding:
    values = pairs(said)
    wrong = [
        f"{name} is {values[name]}"
        for name in ("manager", "prometheus")
        if values[name] != "active"
    ]
    if int(values["rules"] or 0) == 0:
        wrong.append("no rules")
    if not wrong:
        loaded, *bad = values["loaded"].split()
        if int(loaded) < int(values["rules"]):
            wrong.append(f"Prometheus has {loaded} of {values['rules']} rules")
        if bad:
            wrong.append(f"it cannot work out {', '.join(bad)}")
        if int(values["way"]) == 0:
            wrong.append("Prometheus knows no Alertmanager")
    return either(not wrong, f"{values['rules']} rules are loaded", "; ".join(wrong))


def _tested(said: list[str]) -> Finding:
    """Beside that: what became of the last `readyhost ENV alert-test`."""
    ready = _ready(said[:-1])
    if ready.outcome is not Outcome.TRUE:
        return ready
    if said[-1] == "none":
        return true(f"{ready.evidence}; no test alert yet: readyhost ENV alert-test")
    test = json.loads(said[-1])
    when = float(test["when"])
    if test["wrong"]:
        return false(f"the last test alert: {test['wrong']}", when)
    words = f"{ready.evidence}; the last test alert was taken by {', '.join(test['to'])}"
    return aged(true(words, when), PERIOD, time.time())


def _heartbeat(settings: Settings) -> Look:
    alerts = settings.alerts
    given = {"alerts.host_heartbeat_url": alerts.host_heartbeat_url}
    if alerts.enabled:
        given["alerts.heartbeat_url"] = alerts.heartbeat_url
    if missing := [key for key, url in given.items() if not url]:
        words = f"{' and '.join(missing)} not set: nobody notices a dead host"
        return Look("MON-06", "true", lambda _: false(words))
    return Look("MON-06", _BEAT, _beats)


def _beats(said: list[str]) -> Finding:
    values = pairs(said)
    if values["timer"] != "active":
        return false(f"{BEAT}.timer is {values['timer']}")
    if values["result"] != "success":
        return false(f"the last heartbeat: {values['result']}")
    if not values["at"]:
        return unknown("none yet: the first is a minute after the start")
    when = float(values["at"])
    if time.time() - when > BEATS:
        return false(f"no heartbeat for {(time.time() - when) / 60:.0f} minutes", when)
    return true("the last heartbeat was taken", when)
