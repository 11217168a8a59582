"""Who may connect: ufw, denying by default."""

from .client import ASK
from .role import part
from .rules import Asked
from .settings import Firewall

__all__ = ["ASK", "Asked", "Firewall", "part"]
