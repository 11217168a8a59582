"""The rules as Prometheus reads them. Pure."""

from __future__ import annotations

import json
from collections.abc import Collection
from functools import cache
from string import Template

from .alert import Alert
from .catalogue import AREAS
from .catalogue.itself import HEARTBEAT
from .settings import Alerts

EVERY = 15
"""Seconds between two looks."""
UNITS = {"hours": 3600, "days": 86_400}


def rules(settings: Alerts, *, max_connections: int = 100, without: Collection[str] = ()) -> str:
    """The file of rules. max_connections: that the database takes; without: names of rules that
    mean nothing here."""
    return _written(settings, max_connections, tuple(without))


@cache  # the same for all hosts of an environment
def _written(settings: Alerts, max_connections: int, without: tuple[str, ...]) -> str:
    groups = {area: [a for a in alerts if a.name not in without] for area, alerts in AREAS.items()}
    groups["Heartbeat"] = [HEARTBEAT]
    lines = ["groups:"]
    for area, alerts in groups.items():
        lines += [f"  - name: {area}", f"    interval: {EVERY}s", "    rules:"]
        for alert in alerts:
            lines += _rule(alert, settings, max_connections)
    return "".join(f"{line}\n" for line in lines)


def expression(alert: Alert, settings: Alerts, max_connections: int) -> str:
    """What is asked of Prometheus."""
    values = settings.limits.model_dump()
    text = Template(alert.expr).substitute(
        values, window=f"{settings.window_seconds}s", max_connections=max_connections
    )
    if not alert.explained:
        return text
    kinds = "|".join(alert.explained)
    return f'({text}) unless on () (max(readyhost_busy{{what=~"{kinds}"}}) == 1)'


def lasts(alert: Alert, settings: Alerts) -> int:
    """Seconds before it is told."""
    if alert.lasts:
        return int(getattr(settings.limits, alert.lasts)) * UNITS[alert.lasts.rpartition("_")[2]]
    return alert.seconds * settings.patience_percent // 100


def _rule(alert: Alert, settings: Alerts, max_connections: int) -> list[str]:
    told = {
        "summary": alert.what,
        "evidence": alert.evidence,
        "do": alert.do,
        "command": alert.command,
        "runbook": f"docs/alerts.md#{alert.anchor}",
        "settings": ", ".join(_set(key, settings) for key in alert.settings),
        "meanwhile": _MEANWHILE,
    }
    return [
        f"      - alert: {alert.name}",
        f"        expr: {json.dumps(expression(alert, settings, max_connections))}",
        f"        for: {lasts(alert, settings)}s",
        f"        labels: {{severity: {alert.severity}}}",
        "        annotations:",
        *(f"          {key}: {json.dumps(text)}" for key, text in told.items() if text),
    ]


# Prometheus fills it in when the alert is looked at.
_MEANWHILE = '{{ range query "readyhost_busy == 1" }}a {{ .Labels.what }} is running; {{ end }}'


def _set(key: str, settings: Alerts) -> str:
    """A key, with its value where it is one of these settings."""
    if key.startswith("alerts.limits."):
        return f"{key} = {getattr(settings.limits, key.rpartition('.')[2])}"
    if key == "alerts.window_seconds":
        return f"{key} = {settings.window_seconds}"
    return key
