"""The alerts as data: the source of the rules on the host and of docs/alerts.md."""

from __future__ import annotations

from ..alert import Alert
from . import data, host, itself, quiet, web

__all__ = ["ALERTS", "AREAS"]

AREAS: dict[str, tuple[Alert, ...]] = {
    "Visitors": web.ALERTS,
    "Host": host.ALERTS,
    "Data": data.ALERTS,
    "What breaks quietly": quiet.ALERTS,
    "The monitoring itself": itself.ALERTS,
}
ALERTS: tuple[Alert, ...] = tuple(alert for alerts in AREAS.values() for alert in alerts)
