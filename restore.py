"""Data taken back to a moment, on the hosts of an environment; a new host is made one first.

    pyinfra inventories/prod.py restore.py --data restore.to="2026-01-31 12:00:00"

It says what it will overwrite and asks; with -y it does not ask. docs/backup.md has every case.
"""

from pyinfra import host, local

from roles import backup
from roles.core.connection import require_root, tune

tune(host)
require_root(host)
if not backup.is_set_up():
    local.include("deploy.py")
backup.restore(host.data.settings.restore)
