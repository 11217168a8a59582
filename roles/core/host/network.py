"""What a program in a sandbox reaches of the network: registries, and nothing near the host."""

from __future__ import annotations

import ipaddress
import subprocess
from collections.abc import Iterable
from pathlib import Path

RESOLVER = Path("/etc/resolv.conf")
UPSTREAM = Path("/run/systemd/resolve/resolv.conf")  # what systemd-resolved itself asks
METADATA = (
    "169.254.0.0/16",  # link-local: AWS, Azure, Google, DigitalOcean, Hetzner, …
    "fe80::/10",
    "168.63.129.16/32",  # Azure's own server beside that
    "192.0.0.192/32",  # Oracle
    "100.100.100.200/32",  # Alibaba
    "fd00:ec2::/32",  # AWS over IPv6
    "fd20:ce::254/128",  # Google over IPv6
    "fd00:c1::a9fe:a9fe/128",  # Oracle over IPv6
    "fd00:a9fe:a9fe::1/128",  # Linode over IPv6
    "fd00:42::42/128",  # Scaleway over IPv6
)
"""Where clouds give keys and start scripts to whoever asks from a machine of theirs. One list for
builds, audits and the application: what one of them lacks is open to it."""
CLOSED = ("127.0.0.0/8", "::1/128", *METADATA)


def properties(more: Iterable[str] = ()) -> dict[str, str]:
    """Properties of a unit that reaches neither this host nor the keys of its cloud, only its name
    servers. more: networks that are closed as well, CIDR."""
    return {
        "IPAddressDeny": " ".join((*CLOSED, *more, *_own())),
        "IPAddressAllow": " ".join(name_servers(resolver(RESOLVER, UPSTREAM))),
    }


def binds() -> list[str]:
    """BindReadOnlyPaths= of such a unit: the resolv.conf that it is to see, if not the host's."""
    names = resolver(RESOLVER, UPSTREAM)
    return [] if names == RESOLVER else [f"{names}:{RESOLVER}"]


def resolver(told: Path, upstream: Path) -> Path:
    """The resolv.conf that is asked: that of the network where the host's own, `told`, names only a
    resolver on loopback. Its address would stay open, and with it whatever listens on all
    addresses. A cloud that answers names at the address of its keys is no better than that."""
    stub = all(ipaddress.ip_address(server).is_loopback for server in name_servers(told))
    others = name_servers(upstream)
    fit = others and not any(_within(server, CLOSED) for server in others)
    return upstream if stub and fit else told


def name_servers(file: Path) -> list[str]:
    """Addresses of the name servers: the only local ones that stay open."""
    rows = [line.split() for line in file.read_text().splitlines()] if file.exists() else []
    return [row[1].split("%")[0] for row in rows if len(row) > 1 and row[0] == "nameserver"]


def _within(address: str, networks: Iterable[str]) -> bool:
    number = ipaddress.ip_address(address)
    return any(number in ipaddress.ip_network(network) for network in networks)


def _own() -> list[str]:
    """Addresses of this host: a service that listens on all of them is as near as on loopback."""
    done = subprocess.run(["hostname", "-I"], check=False, capture_output=True, text=True)
    return done.stdout.split()
