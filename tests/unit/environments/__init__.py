"""Environments that every template is rendered for: the least, the usual, the most, only files,
several kinds of processes behind a CDN."""

from __future__ import annotations

from .entries import ROLES, plan_of
from .large import LARGE
from .model import SECRETS, Environment, settings
from .routed import ROUTED
from .small import MINIMAL, STANDARD
from .static import STATIC

__all__ = [
    "ENVIRONMENTS",
    "LARGE",
    "MINIMAL",
    "ROLES",
    "ROUTED",
    "SECRETS",
    "STANDARD",
    "STATIC",
    "Environment",
    "plan_of",
    "settings",
]

ENVIRONMENTS = (MINIMAL, STANDARD, LARGE, STATIC, ROUTED)
