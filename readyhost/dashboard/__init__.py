"""One page of what a host has measured, made on the operator's machine."""

from .command import dashboard

__all__ = ["dashboard"]
