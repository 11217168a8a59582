"""What an environment says about who may connect to the host."""

from ipaddress import IPv4Network, IPv6Network
from typing import Annotated, Literal

from pydantic import Field

from roles.core.model import Section

Port = Annotated[int, Field(ge=1, le=65_535)]
Network = IPv4Network | IPv6Network


class Allow(Section):
    """One more port that is open."""

    port: Port = Field(description="Port number.")
    protocol: Literal["tcp", "udp"] = Field("tcp", description="Transport protocol.")
    sources: tuple[Network, ...] = Field(
        (), description="Networks that may connect, CIDR. Everybody when empty."
    )


class Firewall(Section):
    """Inbound is denied; these are the exceptions."""

    web_ports: tuple[Port, ...] = Field(
        (80, 443), description="TCP ports open to everybody: HTTP and HTTPS."
    )
    allow: tuple[Allow, ...] = Field(
        (), description="Further open ports, each with its protocol and the networks it is for."
    )
    ssh_sources: tuple[Network, ...] = Field(
        (),
        description="Networks that may reach SSH, CIDR. Everybody when empty. The address that"
        " you are connected from has to be among them, or nothing is changed.",
    )
    ssh_per_minute: int = Field(
        30,
        ge=1,
        le=10_000,
        description="New SSH connections that one address may open, connections a minute. ufw's"
        " own limit (12) is less than a release to a few hosts behind one address needs.",
    )
    ssh_burst: int = Field(
        30,
        ge=1,
        le=10_000,
        description="New SSH connections that one address may open at once, connections.",
    )
    tracked_connections: int = Field(
        262_144,
        ge=16_384,
        le=4_194_304,
        description="Connections that the kernel keeps track of (320 bytes each). A closed one"
        " counts for two more minutes: 1000 new ones a second need 120000.",
    )
    logging: Literal["off", "low"] = Field(
        "low", description="What is logged of the packets that were dropped; low is rate-limited."
    )
