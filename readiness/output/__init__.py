"""A report as people and programs read it."""

from __future__ import annotations

from .files import JSON, last, write
from .machine import as_json, changed, metrics
from .page import page
from .summary import SIGNS, Hosts, counted, exit_status
from .terminal import terminal

__all__ = [
    "JSON",
    "SIGNS",
    "Hosts",
    "as_json",
    "changed",
    "counted",
    "exit_status",
    "last",
    "metrics",
    "page",
    "terminal",
    "write",
]
