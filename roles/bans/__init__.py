"""Addresses that guess at SSH or hammer Nginx's limits are shut out for a while: fail2ban."""

from .files import entries, packages
from .role import bans
from .settings import Bans

__all__ = ["Bans", "bans", "entries", "packages"]
