"""Bans by fail2ban: of addresses that fail to log in by SSH, or ask for what no browser does."""

from .role import part
from .settings import Bans
from .snippets import takes

__all__ = ["Bans", "part", "takes"]
