"""The host itself: packages, accounts, time, locale, upgrades, swap and the kernel's limits."""

from .files import zone
from .role import part
from .settings import Base
from .snippets import takes
from .tuning import listen_backlog, open_files, swap_mb

__all__ = ["Base", "listen_backlog", "open_files", "part", "swap_mb", "takes", "zone"]
