"""Addresses that guess at SSH or hammer Nginx's limits are shut out for a while: fail2ban."""

from .places import takes
from .role import part
from .settings import Bans

__all__ = ["Bans", "part", "takes"]
