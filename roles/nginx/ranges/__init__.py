"""Networks that well-known CDNs come from, each a dated file here, kept current by a command."""

from __future__ import annotations

from datetime import date
from functools import cache
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Literal, get_args

Name = Literal["bunny", "cloudflare", "cloudfront", "fastly"]
NAMES: tuple[str, ...] = get_args(Name)
FOLDER = Path(__file__).parent
DATED = "# of "

Network = IPv4Network | IPv6Network


def command(name: str) -> str:
    """What brings a CDN's networks up to date."""
    return f"python -m roles.nginx.ranges.fetch {name}"


@cache
def networks(name: str) -> tuple[str, ...]:
    """The networks of a CDN. Raises ValueError where there is no file of them yet."""
    try:
        lines = (FOLDER / f"{name}.txt").read_text().split("\n")
    except OSError:
        raise ValueError(
            f"the networks of {name} are not there yet: `{command(name)}`, on a machine that"
            " reaches the internet, writes them"
        ) from None
    return tuple(str(ip_network(line)) for line in lines if line and not line.startswith("#"))


def day(name: str) -> date:
    """When they were fetched."""
    first = (FOLDER / f"{name}.txt").read_text().split("\n", 1)[0]
    return date.fromisoformat(first.removeprefix(DATED))


def old(name: str, days: int, today: date) -> str:
    """That they are older than so many days; empty when they are not."""
    since = day(name)
    if (today - since).days <= days:
        return ""
    return f"the networks of {name} are those of {since}: `{command(name)}` brings new ones"


def text(found: list[str], today: date) -> str:
    """The file of a CDN's networks. Raises ValueError for what can be no CDN's: nothing, no
    network, or one that is as good as everybody."""
    every = sorted({ip_network(each.strip()) for each in found if each.strip()}, key=_order)
    if not every:
        raise ValueError("no networks at all")
    for each in every:
        if each.prefixlen < (8 if each.version == 4 else 24) or not each.is_global:
            raise ValueError(f"{each} is no network of a CDN's")
    return "\n".join([f"{DATED}{today}", *map(str, every), ""])


def _order(network: Network) -> tuple[int, int]:
    return network.version, int(network.network_address)
