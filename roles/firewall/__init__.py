"""Who may connect: ufw, denying by default."""

from .files import entries, packages
from .role import firewall
from .settings import Firewall

__all__ = ["Firewall", "entries", "firewall", "packages"]
