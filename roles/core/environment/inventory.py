"""Hosts for pyinfra: how they are reached, and that the command line means some of them."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import Any, Protocol

import click

from ..errors import OperatorError
from ..refused import explain
from .sources import shown

Hosts = list[tuple[str, dict[str, Any]]]
Group = tuple[Hosts, dict[str, Any]]


class Ssh(Protocol):
    """The settings that say how hosts are reached."""

    @property
    def user(self) -> str: ...
    @property
    def port(self) -> int: ...
    @property
    def key(self) -> Path | None: ...
    @property
    def known_hosts(self) -> Path | None: ...


def pinned(ssh: Ssh, inventory: Path, addresses: Sequence[str]) -> dict[str, Any]:
    """pyinfra's data for hosts whose keys are known beforehand: no other key is accepted.

    Raises OperatorError if the file with the keys, or the operator's own key, is not there.
    """
    known_hosts = (ssh.known_hosts or inventory.with_suffix(".known_hosts")).expanduser()
    if not known_hosts.exists():
        scan = shlex.join(["ssh-keyscan", "-t", "ed25519", "-p", str(ssh.port), *addresses])
        raise OperatorError(
            f"{shown(known_hosts)} is missing, so no host can prove that it is yours; make it with"
            f" `{scan} > {shown(known_hosts)}` and compare `ssh-keygen -lf {shown(known_hosts)}`"
            " with what your provider's console shows"
        )
    data: dict[str, Any] = {
        "ssh_user": ssh.user,
        "ssh_port": ssh.port,
        "ssh_known_hosts_file": str(known_hosts),
        "ssh_strict_host_key_checking": "yes",
        # Whoever has the host would log in elsewhere with it, whatever ~/.ssh/config says.
        "ssh_forward_agent": False,
        "inventory": inventory.stem,
    }
    if ssh.key:
        key = ssh.key.expanduser()
        if not key.exists():
            raise OperatorError(f"ssh.key: {shown(key)} is missing")
        data["ssh_key"] = str(key)
    return data


def group(
    hosts: Mapping[str, Mapping[str, Any]], data: Mapping[str, Any], names: Sequence[str]
) -> Group:
    """A group of an inventory: each host's own data, and what all of them share. `names` are those
    of the groups that it is in.

    Raises OperatorError if a --limit or --exclude of the running command matches no host, or no
    host is left: pyinfra would do nothing and call that a success.
    """
    explain()
    context = click.get_current_context(silent=True)
    options = context.params if context else {}
    matched = {
        option: [_matching(pattern, hosts, names, option) for pattern in options.get(option) or ()]
        for option in ("limit", "exclude")
    }
    limited = set().union(*matched["limit"] or [set(hosts)])
    if not limited.difference(*matched["exclude"]):
        raise OperatorError("--limit and --exclude leave no host")
    user = options.get("ssh_user") or data.get("ssh_user")
    shared = {"_sudo": user != "root", **data}  # a bare Debian has no sudo
    return [(name, dict(own)) for name, own in hosts.items()], shared


def _matching(
    pattern: str, hosts: Mapping[str, Any], groups: Sequence[str], option: str
) -> set[str]:
    found = set(hosts) if pattern in groups else {host for host in hosts if fnmatch(host, pattern)}
    if not found:
        raise OperatorError(
            f"--{option} {pattern} matches no host;"
            f" the hosts are {', '.join(hosts)}, the groups {', '.join(groups)}"
        )
    return found
