"""The host itself: packages, accounts, time, locale, upgrades, swap and the kernel's limits."""

from .files import entries
from .packages import packages
from .role import base
from .settings import Base
from .tuning import listen_backlog, open_files, swap_mb

__all__ = ["Base", "base", "entries", "listen_backlog", "open_files", "packages", "swap_mb"]
