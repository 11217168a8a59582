"""The user of an application, before anything names it: the firewall's rules do, and come first."""

from __future__ import annotations

import shlex

from roles.core.shell import Commands
from roles.core.step import Part

from .settings import App


def account(settings: App) -> Part:
    """The user is there, as the application's own part makes it (templates/app/etc/sysusers.d)."""
    name = settings.name
    line = shlex.quote(f'u {name} - "{name} application" /srv/{name}')
    step = Commands(
        f"App | {name} | account", f"getent passwd {name}", [f"systemd-sysusers --inline {line}"]
    )
    return Part(f"app-{name}", (step,))
