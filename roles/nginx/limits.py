"""How much one client may ask for."""

from typing import Annotated

from pydantic import Field, StringConstraints, field_validator
from pydantic.networks import IPvAnyNetwork

from roles.core.model import Section

from .paths import PathPattern

MINUTES_AN_HOUR = 60
MOST_CONNECTIONS = 65_535  # that limit_conn counts
FAILURES_WAIT = 10  # seconds that the last in the queue waits to be told that nothing answers

Key = Annotated[
    str, StringConstraints(pattern=r"^(address|cookie:[A-Za-z0-9_]+|header:[A-Za-z][A-Za-z0-9-]*)$")
]


class PathLimit(Section):
    """What differs for one path and all that is below it. What is not set is as everywhere."""

    path: PathPattern = Field(
        description="The path, such as /hooks or /api/*/import; upper and lower case are the same."
    )
    rate_per_minute: int | None = Field(
        None,
        ge=0,
        le=1_000_000,
        description="Requests a minute and client, instead of all other limits but that of logins."
        " 0: no limit.",
    )
    burst: int | None = Field(
        None,
        ge=0,
        le=1_000_000,
        description="Requests at once beyond the first. By default a minute's.",
    )
    body_limit_mb: int | None = Field(
        None, ge=1, le=10_240, description="The largest body of a request, MiB."
    )
    timeout_seconds: int | None = Field(
        None, ge=1, le=3600, description="How long the application may take to answer, seconds."
    )
    buffering: bool = Field(
        True,
        description="Whether Nginx takes a request whole before it passes it on, and an answer as"
        " fast as it comes. false for large uploads that the application reads piece by piece.",
    )


class Limits(Section):
    """Limits per client: an IPv4 address, or an IPv6 /64, which is what one customer gets.

    They count what reaches the application: files that Nginx serves itself are free. A browser
    marks what a page of the site itself asks for (Sec-Fetch-Site); that has an allowance for as
    many people as an office has, and everything else, programs and other sites' pages, a small one.
    """

    per_minute: int = Field(
        60,
        ge=0,
        le=1_000_000,
        description="Requests a minute and client, of programs and of other sites' pages. 0: no"
        " limit.",
    )
    per_hour: int = Field(
        1000,
        ge=0,
        le=10_000_000,
        description="Requests an hour and client, at least 60 since Nginx counts whole requests a"
        " minute. 0: no limit.",
    )
    browsers_per_minute: int = Field(
        6000,
        ge=0,
        le=1_000_000,
        description="Requests a minute that the site's own pages make from one address, a sixth of"
        " them at once: 20 people, each a page of 40 requests every ten seconds, are 4800. A"
        " program may claim to be a page: this is what it gets. 0: no limit.",
    )
    key: Key = Field(
        "address",
        description="What per_minute and per_hour count by: address, or cookie:NAME or header:NAME,"
        " the session or token of who is logged in. Who has none is counted by address, and so are"
        " invented ones: all of an address together get browsers_per_minute.",
    )
    paths: tuple[PathLimit, ...] = Field(
        (),
        max_length=100,
        description="Paths with limits of their own. The first that fits counts."
        " `readyhost-limits` on the host proposes some.",
    )
    logins_per_minute: int = Field(
        5,
        ge=0,
        le=1_000_000,
        description="Requests a minute and client to `login_paths` that change something (POST and"
        " the like; to see the form is free). 0: no limit.",
    )
    login_paths: tuple[PathPattern, ...] = Field(
        (
            "/login",
            "/accounts/login",
            "/admin/login",
            "/api/login*",
            "/api/*/login*",
            "/api/*/*/login*",
            "/auth/*",
        ),
        description="Where passwords can be tried, with all that is below; upper and lower case"
        " are the same.",
    )
    connections: int = Field(
        100,
        ge=0,
        le=MOST_CONNECTIONS,
        description="Requests in progress a client, of programs and of other sites' pages; over"
        " HTTP/2 each stream counts, and files do not. 0: no limit.",
    )
    browser_connections: int = Field(
        1000,
        ge=0,
        le=MOST_CONNECTIONS,
        description="Requests in progress from one address in all: an office's pages. 0: no limit.",
    )
    unlimited: tuple[IPvAnyNetwork, ...] = Field(
        (),
        description="Addresses and networks without any limit: monitoring, a load test's machine.",
    )
    failures_per_second: int = Field(
        50,
        ge=0,
        le=10_000,
        description="Answers a second that a client without a limit gets while no process answers"
        " (502); the others wait for their turn. Asking as fast as it is refused, one client"
        " would take the host's processor and fill its logs. 0: no limit.",
    )
    zone_mb: int = Field(
        10, ge=1, le=1024, description="Memory for each limit, MiB. One holds 8000 clients."
    )
    retry_after_seconds: int = Field(
        60,
        ge=1,
        le=3600,
        description="What a refused client is told to wait, seconds. After a minute its allowance"
        " for a minute is whole again.",
    )

    @property
    def failures_queue(self) -> int:
        """How many answers of one client wait at most."""
        return self.failures_per_second * FAILURES_WAIT

    @field_validator("per_hour")
    @classmethod
    def _a_request_a_minute(cls, value: int) -> int:
        if 0 < value < MINUTES_AN_HOUR:
            raise ValueError(f"must be 0 or at least {MINUTES_AN_HOUR}")
        return value
