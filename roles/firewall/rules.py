"""Which packets come in: a list of exceptions, computed from the settings and the host."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from ipaddress import IPv4Network, IPv6Network, ip_address

from roles.core.errors import OperatorError
from roles.core.machine import Machine

from .settings import Firewall, Network

ANYWHERE = {4: "0.0.0.0/0", 6: "::/0"}
CHAIN = {4: "ufw", 6: "ufw6"}


@dataclass(frozen=True)
class Rule:
    """One open port; `source` is a network, or empty for everybody."""

    port: int
    protocol: str
    source: str = ""


@dataclass(frozen=True)
class Asked:
    """TCP ports of the host's own on loopback, and who on the host may connect to them: names of
    users, or ranges of their numbers."""

    ports: tuple[str, ...] = ()
    users: tuple[str, ...] = ()


def rules(settings: Firewall, machine: Machine, version: int) -> list[Rule]:
    """The open ports for IP `version` 4 or 6.

    SSH is open on every port that sshd has and on the one that this run came in by, whatever the
    settings say: a port that was forgotten there must not lock the operator out.
    """
    found = [
        Rule(port, "tcp", source)
        for port in machine.ssh_ports
        for source in _sources(settings.ssh_sources, version)
    ]
    found += [Rule(port, "tcp") for port in settings.web_ports]
    found += [
        Rule(entry.port, entry.protocol, source)
        for entry in settings.allow
        for source in _sources(entry.sources, version)
    ]
    return list(dict.fromkeys(found))


def _sources(networks: Iterable[Network], version: int) -> list[str]:
    networks = list(networks)
    if not networks:
        return [""]
    kind = IPv4Network if version == 4 else IPv6Network
    return [str(network) for network in networks if isinstance(network, kind)]


def refuse_lockout(settings: Firewall, client: str) -> None:
    """Raise OperatorError if `client`, the address of this very connection, would be shut out.

    client: address of the operator as the host sees it; empty when it is not connected by SSH.
    """
    if not client or not settings.ssh_sources:
        return
    address = ip_address(client.partition("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    if any((mapped or address) in network for network in settings.ssh_sources):
        return
    raise OperatorError(
        f"firewall.ssh_sources leaves out {client}, the address you are connected from;"
        " add it, or you could not come back. Nothing has been changed"
    )
