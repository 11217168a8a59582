"""Environments that every template is rendered for: the least, the usual, the most, only files."""

from __future__ import annotations

from .entries import ROLES, plan_of
from .large import LARGE
from .model import SECRETS, Environment, settings
from .small import MINIMAL, STANDARD
from .static import STATIC

__all__ = [
    "ENVIRONMENTS",
    "LARGE",
    "MINIMAL",
    "ROLES",
    "SECRETS",
    "STANDARD",
    "STATIC",
    "Environment",
    "plan_of",
    "settings",
]

ENVIRONMENTS = (MINIMAL, STANDARD, LARGE, STATIC)
