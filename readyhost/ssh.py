"""OpenSSH's command line for one thing on one host."""

from __future__ import annotations

import json
import shlex
from collections.abc import Sequence

from .hosts import Host


def command(host: Host, app: str, arguments: Sequence[str], *, terminal: bool) -> list[str]:
    """How ssh has the host's own program do what `arguments` say."""
    return [*_ssh(host, "-tt" if terminal else "-T"), remote(host.user, app, arguments)]


def program(host: Host, name: str, arguments: Sequence[str]) -> list[str]:
    """How ssh has a program of the host's own do something. The arguments are no secrets."""
    path = f"/usr/local/sbin/{name}"
    missing = shlex.quote(f"this host has no {path}: it has had one application alone")
    start = path if host.user == "root" else f"sudo -n {path}"
    line = f"[ -x {path} ] || {{ echo {missing} >&2; exit 69; }}; {start} {shlex.join(arguments)}"
    return [*_ssh(host, "-T"), line]


def line(host: Host, line: str) -> list[str]:
    """How ssh has the login shell run one line that brings its own program."""
    return [*_ssh(host, "-T"), line]


def _ssh(host: Host, way: str) -> list[str]:
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
    return ["ssh", way, *listed, "--", host.address]


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
