"""Backups of the database and of files, and the proof that they can be restored.

Others need of it: `Backup`, `Restore` (settings), `backup(…)` (the role), `packages`, `entries`,
`restore(…)` and `is_set_up()` for restore.py.
"""

from .files import entries, packages
from .plan import Kept
from .role import backup, is_set_up, restore
from .settings import Backup, Restore

__all__ = ["Backup", "Kept", "Restore", "backup", "entries", "is_set_up", "packages", "restore"]
