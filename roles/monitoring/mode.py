"""Whether a host measures itself, and who keeps it: pure."""

from __future__ import annotations

from typing import Literal

from roles.core.machine import Machine

from .settings import Monitoring


def mode(settings: Monitoring, machine: Machine) -> Literal["off", "local", "remote"]:
    """What `auto` stands for on this host."""
    if settings.mode != "auto":
        return settings.mode
    if machine.memory_mb >= settings.auto_from_mb:
        return "local"
    return "remote" if settings.scraped_ca_file else "off"


def is_on(settings: Monitoring, machine: Machine) -> bool:
    """Whether exporters are on this host."""
    return mode(settings, machine) != "off"


def is_remote(settings: Monitoring, machine: Machine) -> bool:
    """Whether a Prometheus elsewhere asks them, and none is here."""
    return mode(settings, machine) == "remote"


def is_local(settings: Monitoring, machine: Machine) -> bool:
    """Whether Prometheus is on this host."""
    return mode(settings, machine) == "local"
