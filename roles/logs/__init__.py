"""Logs: bounded, rotated, and no line lost."""

from .role import part
from .settings import Logs
from .snippets import takes

__all__ = ["Logs", "part", "takes"]
