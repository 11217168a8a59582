"""What alerts need of the monitoring, and of a host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from roles.app.placed import Placed
from roles.core.environment import Conflict
from roles.core.machine import Machine
from roles.monitoring import is_local

if TYPE_CHECKING:
    from settings import Settings

SPEAKS_NO_TELEGRAM = ("jammy",)
"""Alertmanager speaks it since 0.24."""


def alerts_are_measured(settings: Settings) -> Iterator[Conflict]:
    """Nothing fires where nothing is measured."""
    if settings.alerts.enabled and settings.monitoring.mode in ("off", "remote"):
        yield Conflict(
            ("alerts.enabled", "monitoring.mode"),
            "takes monitoring.mode = 'local': nothing fires where nothing is kept",
        )


def heartbeats_differ(settings: Settings) -> Iterator[Conflict]:
    """One host's heartbeat does not stand for another's that is dead, nor for its monitoring's."""
    alerts = settings.alerts
    given = {
        "alerts.heartbeat_url": alerts.heartbeat_url,
        "alerts.host_heartbeat_url": alerts.host_heartbeat_url,
    }
    urls = {key: url.get_secret_value() for key, url in given.items() if url}
    for key, url in urls.items():
        if len(settings.addresses) > 1 and "{host}" not in url:
            yield Conflict((key, "hosts"), "must have {host} in it where there are several hosts")
    if len(urls) > len(set(urls.values())):
        yield Conflict(
            ("alerts.host_heartbeat_url", "alerts.heartbeat_url"),
            "must be another one than alerts.heartbeat_url: one would stand in for the other",
        )


def alerts_fit(
    settings: Settings, machine: Machine, releases: Mapping[str, Placed]
) -> Iterator[str]:
    """The host is measured, and its Alertmanager speaks to each receiver."""
    if not settings.alerts.enabled:
        return
    if not is_local(settings.monitoring, machine):
        yield (
            f"alerts.enabled: the host has {machine.memory_mb} MiB, and monitoring.mode = 'auto'"
            " keeps nothing there; set monitoring.mode to local"
        )
    if settings.alerts.telegram.chat and machine.codename in SPEAKS_NO_TELEGRAM:
        yield (
            "alerts.telegram.chat: the Alertmanager of Ubuntu 22.04 does not speak Telegram yet;"
            " take mail, ntfy_url or another one, or Ubuntu 24.04"
        )
