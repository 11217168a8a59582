"""Who is told that something is wrong: rules for Prometheus, Alertmanager, and a heartbeat."""

from .role import part

__all__ = ["part"]
