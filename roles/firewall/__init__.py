"""Who may connect: ufw, denying by default."""

from .client import ASK
from .role import part
from .settings import Firewall

__all__ = ["ASK", "Firewall", "part"]
