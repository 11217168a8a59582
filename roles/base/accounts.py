"""Administrators' accounts: a shell test that they are as wanted, and what makes them so."""

from __future__ import annotations

import shlex

from .settings import Base

GROUP = "readyhost-admins"
"""Marks the accounts that are ours, so that one which left the settings is found and closed."""


def as_wanted(settings: Base) -> str:
    """A shell test: exactly the administrators of the settings are members of GROUP, they read
    logs, and nothing keeps one out: an expired account, a shell that is none."""
    names = sorted(settings.admins)
    listed = f"getent group {GROUP} | cut -d: -f4 | tr , '\\n' | sort | paste -sd, -"
    tests = [f'[ "$({listed})" = {shlex.quote(",".join(names))} ]']
    if names:
        tests += [f'[ "$(id -nG {name} | tr " " "\\n" | grep -cx "adm")" = 1 ]' for name in names]
        tests += [
            f"! getent shadow {' '.join(names)} | cut -d: -f8 | grep -q .",
            f"! getent passwd {' '.join(names)} | cut -d: -f7 | grep -vxFf /etc/shells",
        ]
    return " && ".join(tests)


def commands(settings: Base) -> list[str]:
    """Create who is missing, close who left: no key, no sudo, no session, an expired account."""
    wanted = sorted(settings.admins)
    lines = [f"groupadd --force --system {GROUP}"]
    for name in wanted:
        lines += [
            f"getent passwd {name} >/dev/null"
            f" || useradd --create-home --user-group --shell /bin/bash {name}",
            f"usermod --expiredate '' --append --groups {GROUP},adm {name}",
            f"getent passwd {name} | cut -d: -f7 | grep -qxFf /etc/shells"
            f" || usermod --shell /bin/bash {name}",
        ]
    kept = "|".join(wanted) or "''"
    lines.append(
        f"for name in $(getent group {GROUP} | cut -d: -f4 | tr , ' '); do case $name in {kept}) ;;"
        f" *) gpasswd --delete $name {GROUP} >/dev/null; usermod --lock --expiredate 1 $name;"
        " loginctl terminate-user $name 2>/dev/null || true ;; esac; done"
    )
    return lines


REMEMBER = (
    f"getent group {GROUP} | cut -d: -f4 | tr , ' ' >members || true",
    "for name in $(cat members); do"
    " cp -p /home/$name/.ssh/authorized_keys keys-$name 2>/dev/null || true; done",
)
"""Shell commands that keep, in the current directory, who the administrators are."""

PUT_BACK = (
    "for name in $(cat members); do"
    f" usermod --expiredate '' --append --groups {GROUP} $name;"
    " [ ! -e keys-$name ] || cp -p keys-$name /home/$name/.ssh/authorized_keys; done",
)
"""Shell commands that let those who left in again."""
