"""The user of an application, before anything names it: the firewall's rules do, and come first."""

from __future__ import annotations

import shlex

from roles.core.shell import Commands
from roles.core.step import Part

from .installed import accounts
from .settings import App


def account(settings: App) -> Part:
    """The user is there, as the application's own part makes it."""
    name = settings.name
    lines = shlex.join(accounts(name).data.decode().splitlines())
    step = Commands(
        f"App | {name} | account", f"getent passwd {name}", [f"systemd-sysusers --inline {lines}"]
    )
    return Part(f"app-{name}", (step,))
