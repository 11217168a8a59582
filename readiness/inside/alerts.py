"""MON: whether somebody would be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roles.alerts.files import BEAT, RULES, UNIT

from ..outcome import Finding, either, false, true, unwanted
from .judging import pairs
from .look import Look

if TYPE_CHECKING:
    from settings import Settings

_READY = (
    f"echo manager=$(systemctl is-active {UNIT}); echo prometheus=$(systemctl is-active prometheus)"
)
_RULES = f"echo rules=$(grep -c -- '- alert:' {RULES} 2>/dev/null)"
# Prometheus says how many Alertmanagers take its alerts, and what they refused.
_WAY = (
    "curl -s --max-time 5 http://127.0.0.1:9090/metrics"
    " | sed -nE 's/^prometheus_notifications_alertmanagers_discovered ([0-9]+)$/way=\\1/p'"
)
_BEAT = (
    f"echo timer=$(systemctl is-active {BEAT}.timer);"
    f" echo result=$(systemctl show -P Result {BEAT}.service)"
)


def looks(settings: Settings) -> list[Look]:
    """What is asked of the host about its alerts."""
    return [_told("MON-02", settings), _told("MON-03", settings), _heartbeat(settings)]


def _told(id: str, settings: Settings) -> Look:
    if not settings.alerts.enabled:
        return Look(id, "true", lambda _: unwanted("alerts.enabled is not set"))
    return Look(id, f"{_READY}; {_RULES}; {_WAY}", _ready)


def _ready(said: list[str]) -> Finding:
    values = pairs(said)
    wrong = [
        f"{name} is {values[name]}"
        for name in ("manager", "prometheus")
        if values[name] != "active"
    ]
    if int(values["rules"] or 0) == 0:
        wrong.append("no rules")
    if not wrong and int(values["way"]) == 0:
        wrong.append("Prometheus knows no Alertmanager")
    return either(not wrong, f"{values['rules']} rules", "; ".join(wrong))


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
    return true("the last heartbeat was taken")
