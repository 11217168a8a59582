"""The group of those who may log in: a shell test of its members, and what makes them so."""

from __future__ import annotations

from collections.abc import Iterable

from .settings import GROUP

LISTED = f"getent group {GROUP} | cut -d: -f4"


def as_wanted(users: Iterable[str]) -> str:
    """A shell test: exactly `users` are members of the group."""
    wanted = ",".join(sorted(set(users)))
    return f"[ \"$({LISTED} | tr , '\\n' | sort | paste -sd, -)\" = '{wanted}' ]"


def commands(users: Iterable[str]) -> list[str]:
    """Make them so. Fails, having changed nothing, when one of them is no account of the host."""
    wanted = sorted(set(users))
    return [
        *(
            f"getent passwd {name} >/dev/null || {{ echo 'sshd.users: this host has no account"
            f" {name}' >&2; exit 1; }}"
            for name in wanted
        ),
        f"groupadd --force --system {GROUP}",
        f"gpasswd --members {','.join(wanted)} {GROUP} >/dev/null",
    ]


REMEMBER = f"{LISTED} >members; getent group {GROUP} >/dev/null || rm members"
PUT_BACK = f'[ ! -e members ] || gpasswd --members "$(cat members)" {GROUP}'
