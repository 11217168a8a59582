"""What a host has and does not need is off: protocols, core dumps, the kernel's openness."""

from .files import entries, packages
from .role import hardening
from .settings import Hardening

__all__ = ["Hardening", "entries", "hardening", "packages"]
