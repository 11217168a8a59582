"""What an environment says about who is shut out, and for how long."""

from ipaddress import IPv4Network, IPv6Network

from pydantic import Field

from roles.core.model import Section


class Bans(Section):
    """Bans by address, for SSH and for the web."""

    ignore: tuple[IPv4Network | IPv6Network, ...] = Field(
        (),
        description="Networks that are never banned, CIDR: your office, the monitoring. The host"
        " itself never is.",
    )
    known_days: int = Field(
        7,
        ge=1,
        le=90,
        description="How long an address is not banned from SSH after somebody logged in from"
        " there, days: yours, your colleagues' and the run's own.",
    )
    ssh_failures: int = Field(
        5,
        ge=2,
        le=100,
        description="Failed logins by SSH after which an address is banned from SSH. One that ends"
        " without a login counts once, whatever the number of its keys.",
    )
    ssh_window_seconds: int = Field(
        600, ge=10, le=86_400, description="Time in which these failures count, seconds."
    )
    web_hostile: int = Field(
        20,
        ge=2,
        le=100_000,
        description="Requests that no browser sends, only who looks for holes, after which an"
        " address is banned from the web ports. Whoever asks too often is refused and not banned.",
    )
    web_window_seconds: int = Field(
        60, ge=10, le=86_400, description="Time in which these requests count, seconds."
    )
    duration_seconds: int = Field(
        600,
        ge=60,
        le=604_800,
        description="Length of the first ban of an address, seconds. Each further one is twice as"
        " long as the one before.",
    )
    longest_seconds: int = Field(
        604_800, ge=60, le=31_536_000, description="Length of the longest ban, seconds."
    )
