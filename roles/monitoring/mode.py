"""Whether a host measures itself: pure."""

from roles.core.machine import Machine

from .settings import Monitoring


def is_on(settings: Monitoring, machine: Machine) -> bool:
    """Whether Prometheus and its exporters are on this host."""
    if settings.mode == "auto":
        return machine.memory_mb >= settings.auto_from_mb
    return settings.mode == "local"
