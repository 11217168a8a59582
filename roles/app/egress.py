"""Where processes may connect to: never to what tells a cloud's secrets, else as the settings say.

systemd gives a packet that matches IPAddressAllow its way, drops one that matches IPAddressDeny,
and lets all others pass (systemd.resource-control(5)); so an allowed network is listed without what
is denied inside of it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from ipaddress import IPv4Network, IPv6Network, collapse_addresses, ip_network

from roles.core.host.network import METADATA

Network = IPv4Network | IPv6Network

LINK_LOCAL = tuple(ip_network(network) for network in METADATA)
"""Networks that no process has to reach by default."""


def rules(allowed: Iterable[Network] | None, denied: Iterable[Network]) -> tuple[str, str]:
    """IPAddressAllow and IPAddressDeny, each empty for none.

    allowed: all that may be reached beside the host itself, or None for everything that is not
    among the `denied`. A network that is named and lies inside of a denied one is meant.
    """
    denied = list(denied)
    if allowed is None:
        return "", _words(denied)
    left = [part for network in allowed for part in _without(network, denied)]
    return " ".join(["localhost", *filter(None, [_words(left)])]), "any"


def _without(network: Network, denied: Iterable[Network]) -> list[Network]:
    parts = [network]
    for hole in denied:
        if hole.version == network.version and not network.subnet_of(hole):  # type: ignore[arg-type]
            parts = [
                piece
                for part in parts
                for piece in (
                    part.address_exclude(hole)  # type: ignore[arg-type]
                    if hole.subnet_of(part)  # type: ignore[arg-type]
                    else [part]
                )
            ]
    return parts


def _words(networks: Iterable[Network]) -> str:
    return _collapsed(tuple(networks))


@cache  # asked for each unit of each host
def _collapsed(found: tuple[Network, ...]) -> str:
    four = collapse_addresses(n for n in found if isinstance(n, IPv4Network))
    six = collapse_addresses(n for n in found if isinstance(n, IPv6Network))
    return " ".join(str(network) for network in (*four, *six))
