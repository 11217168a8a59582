"""What it may mean that a host takes no connection, said where pyinfra only gives the error."""

from __future__ import annotations

import re
from typing import Any

BANNED = (
    "this address may be banned after failed logins. The ban ends after bans.duration_seconds"
    " seconds, or"
    " at once by `fail2ban-client unban ADDRESS` on the host (from your provider's console);"
    " addresses in bans.ignore never are banned"
)
HINT = f"; if it took one a moment ago, {BANNED}"
UNPINNED = (
    "; the file of ssh.known_hosts (inventories/NAME.known_hosts when not set) has no key of this"
    " address and port: add the line of `ssh-keyscan -t ed25519 -p PORT ADDRESS` to it, and"
    " compare it with what your provider's console shows"
)
STRANGER = (
    "; log in with ssh.user (root when not set; many clouds' images have an account of their own)"
    " and ssh.key (the SSH agent and ~/.ssh are asked when not set), as `ssh -i KEY USER@ADDRESS`"
    " does"
)

_NOBODY = re.compile(r"refused|timed? ?out|reset by peer|unable to connect|no route", re.IGNORECASE)


def hint(message: str, error: object) -> str:
    """What to add to `message`, pyinfra's word for `error`; empty where it says all there is."""
    said = f"{message} {error}"
    if "No host key for" in said:
        return UNPINNED
    if "uthentication" in said:
        return STRANGER
    return HINT if _NOBODY.search(said) else ""


def explain() -> None:
    """Add the hint to what pyinfra says of a connection that did not come about."""
    from pyinfra.connectors import ssh

    plain = ssh.raise_connect_error
    if getattr(plain, "explains", False):
        return

    def explained(host: Any, message: str, data: object) -> None:
        plain(host, message, f"{data}{hint(message, data)}")

    explained.explains = True  # type: ignore[attr-defined]
    ssh.raise_connect_error = explained
