"""OpenSSH's command line for one thing on one host."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence

from .hosts import Host


def command(host: Host, app: str, arguments: Sequence[str], *, terminal: bool) -> list[str]:
    """How ssh has the host's own program do what `arguments` say."""
    options = {
        "User": host.user,
        "Port": host.port,
        "UserKnownHostsFile": _quoted(host.known_hosts),
        "GlobalKnownHostsFile": "/dev/null",
        "StrictHostKeyChecking": host.strict,
        # Keys that the host does not prove beforehand are not learned either.
        "UpdateHostKeys": "no",
        "PasswordAuthentication": "no",
        "KbdInteractiveAuthentication": "no",
        "ClearAllForwardings": "yes",
        "ForwardAgent": "no",
        "ForwardX11": "no",
        "ConnectTimeout": 10,
        "ServerAliveInterval": 5,
        "ServerAliveCountMax": 4,
        "LogLevel": "ERROR",
        **({"IdentityFile": _quoted(host.key), "IdentitiesOnly": "yes"} if host.key else {}),
    }
    listed = [part for name, value in options.items() for part in ("-o", f"{name}={value}")]
    way = "-tt" if terminal else "-T"
    return ["ssh", way, *listed, "--", host.address, remote(host.user, app, arguments)]


def remote(user: str, app: str, arguments: Sequence[str]) -> str:
    """The one line that the host's login shell gets. The arguments go on in a file of the user's
    own, which the program takes away: sudo and the audit write command lines down, and variables
    that pass through sudo, too."""
    program = f"/usr/local/sbin/{app}-command"
    missing = f"this host has no {program} yet: deploy.py brings it"
    words = shlex.quote(json.dumps(list(arguments)))
    start = program if user == "root" else f"sudo -n {program}"
    return (
        f"[ -x {program} ] || {{ echo {shlex.quote(missing)} >&2; exit 69; }};"
        f' w=$(mktemp) && printf %s {words} >"$w" && exec {start} --words "$w"'
    )


def _quoted(path: str) -> str:
    """A path as ssh's options take it: they end at a space and know %."""
    return '"' + path.replace("%", "%%") + '"' if path else path
