"""What a host has and does not need is off: protocols, core dumps, the kernel's openness."""

from .role import part
from .settings import Hardening
from .uplinks import ASK

__all__ = ["ASK", "Hardening", "part"]
