"""Backups of the database and of files, and the proof that they can be restored.

Others need of it: `Backup`, `Restore` (settings), `part` (what it makes of a host); `restore`,
`would_overwrite` and `IS_SET_UP` for restore.py; `login` (a part that comes before ssh's) and
`account` (who may log in).
"""

from .derived import Kept, KeptApp
from .one import of_one
from .pulled import account, login
from .role import IS_SET_UP, part, restore, would_overwrite
from .settings import Backup, Restore

__all__ = [
    "IS_SET_UP",
    "Backup",
    "Kept",
    "KeptApp",
    "Restore",
    "account",
    "login",
    "of_one",
    "part",
    "restore",
    "would_overwrite",
]
