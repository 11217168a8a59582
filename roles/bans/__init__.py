"""Addresses that guess at SSH or hammer Nginx's limits are shut out for a while: fail2ban."""

from .role import part
from .settings import Bans
from .snippets import takes

__all__ = ["Bans", "part", "takes"]
