"""Data restored as of a time, on the hosts of an environment; a new host is made one first.

    pyinfra inventories/prod.py restore.py --data restore.to="2026-01-31 12:00:00"

    pyinfra inventories/prod.py restore.py --data restore.what=dump --data application=shop

It says what it will overwrite and asks; with -y it does not ask. docs/restore.md has every case.
"""

from pyinfra import host, local

from roles import backup
from roles.core.begin import begin
from roles.core.errors import OperatorError
from roles.core.execute import ask, execute
from roles.core.plan import Plan
from roles.handed.backed_up import is_backed_up
from roles.handed.backed_up import kept_apps as kept

settings = host.data.settings
begin(host, "restore.py", settings)
if not is_backed_up(settings):
    raise OperatorError("nothing is backed up here: all is files of the repository; run deploy.py")
if not ask(host, backup.IS_SET_UP):
    local.include("deploy.py")
restore = backup.of_one(settings.restore, kept(settings), settings.application)
overwritten = ask(host, backup.would_overwrite(restore))
execute(host, Plan((backup.restore(restore, overwritten),)))
