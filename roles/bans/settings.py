"""What an environment says about who is shut out, and for how long."""

from ipaddress import IPv4Network, IPv6Network

from pydantic import Field

from roles.core.model import Slice


class Bans(Slice):
    """Bans by address, for SSH and for the web."""

    ignore: tuple[IPv4Network | IPv6Network, ...] = Field(
        (),
        description="Networks that are never banned, CIDR: your office, the monitoring. The host"
        " itself never is.",
    )
    ssh_failures: int = Field(
        5,
        ge=2,
        le=100,
        description="Failed logins by SSH after which an address is banned from every port. A"
        " readyhost run that can't get in again makes up to three.",
    )
    ssh_window: int = Field(
        600, ge=10, le=86_400, description="Time in which these failures count, seconds."
    )
    web_refusals: int = Field(
        300,
        ge=10,
        le=100_000,
        description="Requests beyond Nginx's limits (status 429) after which an address is banned"
        " from the web ports. Above what an impatient browser makes, as many people may share an"
        " address.",
    )
    web_window: int = Field(
        60, ge=10, le=86_400, description="Time in which these requests count, seconds."
    )
    duration: int = Field(
        600,
        ge=60,
        le=604_800,
        description="Length of the first ban of an address, seconds. Each further one is twice as"
        " long as the one before.",
    )
    longest: int = Field(
        604_800, ge=60, le=31_536_000, description="Length of the longest ban, seconds."
    )
