"""Logs: bounded, rotated, and no line lost."""

from .files import entries, packages
from .role import logs
from .settings import Logs

__all__ = ["Logs", "entries", "logs", "packages"]
