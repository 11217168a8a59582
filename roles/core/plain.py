"""Text of others as it may be shown at the operator's terminal: as the host's programs show it."""

from __future__ import annotations

from .host.plain import plain

__all__ = ["plain"]
