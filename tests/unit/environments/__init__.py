"""Three environments that every template is rendered for: the least, the usual, the most."""

from __future__ import annotations

from .entries import ROLES, plan_of
from .large import LARGE
from .model import SECRETS, Environment, settings
from .small import MINIMAL, STANDARD

__all__ = [
    "ENVIRONMENTS",
    "LARGE",
    "MINIMAL",
    "ROLES",
    "SECRETS",
    "STANDARD",
    "Environment",
    "plan_of",
    "settings",
]

ENVIRONMENTS = (MINIMAL, STANDARD, LARGE)
