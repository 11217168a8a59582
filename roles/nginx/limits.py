"""How much one client may ask for."""

from dataclasses import dataclass

from pydantic import Field, field_validator
from pydantic.networks import IPvAnyNetwork

from roles.core.model import Slice

from .words import UrlPath

MINUTES_AN_HOUR = 60


class Limits(Slice):
    """Limits per client: an IPv4 address, or an IPv6 /64, which is what one customer gets.

    They count what reaches the application: files that Nginx serves itself are free.
    """

    per_minute: int = Field(
        60, ge=0, le=1_000_000, description="Requests a minute and client. 0: no limit."
    )
    per_hour: int = Field(
        1000,
        ge=0,
        le=10_000_000,
        description="Requests an hour and client, at least 60 since Nginx counts whole requests a"
        " minute. 0: no limit.",
    )
    logins_per_minute: int = Field(
        5,
        ge=0,
        le=1_000_000,
        description="Requests a minute and client to `login_paths` that change something (POST and"
        " the like; to see the form is free). 0: no limit.",
    )
    login_paths: tuple[UrlPath, ...] = Field(
        ("/login",),
        description="Where passwords can be tried, with all that is below; upper and lower case"
        " are the same.",
    )
    connections: int = Field(
        100,
        ge=0,
        le=100_000,
        description="Requests in progress a client; over HTTP/2 each stream counts. An office"
        " behind one address is one client. 0: no limit.",
    )
    unlimited: tuple[IPvAnyNetwork, ...] = Field(
        (),
        description="Addresses and networks without any limit: monitoring, a load test's machine.",
    )
    zone_mb: int = Field(
        10, ge=1, le=1024, description="Memory for each limit, MiB. One holds 8000 clients."
    )
    retry_after: int = Field(
        60,
        ge=1,
        le=3600,
        description="What a refused client is told to wait, seconds. After a minute its allowance"
        " for a minute is whole again.",
    )

    @field_validator("per_hour")
    @classmethod
    def _a_request_a_minute(cls, value: int) -> int:
        if 0 < value < MINUTES_AN_HOUR:
            raise ValueError(f"must be 0 or at least {MINUTES_AN_HOUR}")
        return value


@dataclass(frozen=True)
class Zone:
    """A leaky bucket as Nginx counts it: `rate` requests a minute, `burst` beyond the first."""

    name: str
    key: str
    rate: int
    burst: int


def zones(limits: Limits) -> list[Zone]:
    """The buckets that `limits` ask for.

    Each holds a whole period's allowance and refills by a period's allowance in one period. So a
    client that stays within N in every period is never refused, one that asks for more gets N at
    once, less than 2 N in its first period and N in every later one, as with a counter that is set
    to zero at the full minute or hour. Nginx's unit is whole requests a minute: 1000 an hour are
    refilled by 16 a minute, 960 an hour, rounded down.
    """
    found = []
    if limits.per_minute:
        found.append(Zone("minute", "$client", limits.per_minute, limits.per_minute - 1))
    if limits.per_hour:
        rate = limits.per_hour // MINUTES_AN_HOUR
        found.append(Zone("hour", "$client", rate, limits.per_hour - 1))
    if limits.logins_per_minute and limits.login_paths:
        rate = limits.logins_per_minute
        found.append(Zone("login", "$client_logging_in", rate, rate - 1))
    return found
