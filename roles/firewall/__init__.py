"""Who may connect: ufw, denying by default."""

from .client import ASK
from .role import part
from .rules import Asked
from .settings import Allow, Firewall

__all__ = ["ASK", "Allow", "Asked", "Firewall", "part"]
