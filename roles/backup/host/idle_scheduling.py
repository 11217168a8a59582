"""A job makes way for the live service at once. An idle group is put off by the groups beside it:
so jobs have a slice beside those of the application and of the system, which is idle."""

from __future__ import annotations

from roles.core.host import idle

SLICE = "readyhost_backup.slice"


def become_idle() -> None:
    """Make the slice that jobs run in an idle one, where the kernel has that."""
    idle.make(SLICE, idle=True)
