"""Logs: bounded, rotated, and no line lost."""

from .places import takes
from .role import part
from .settings import Logs

__all__ = ["Logs", "part", "takes"]
