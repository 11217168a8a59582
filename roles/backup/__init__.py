"""Backups of the database and of files, and the proof that they can be restored.

Others need of it: `Backup` (settings), `backup(…)` (the role), `packages`, `entries`.
"""

from .files import entries, packages
from .plan import Kept
from .role import backup
from .settings import Backup

__all__ = ["Backup", "Kept", "backup", "entries", "packages"]
