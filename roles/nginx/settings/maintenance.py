"""What happens in time: maintenance, reloads, the access log, reports of browsers."""

from pydantic import Field
from pydantic.networks import IPvAnyNetwork

from roles.core.model import Section


class Maintenance(Section):
    """What happens in time: maintenance, reloads, the access log."""

    maintenance_allow: tuple[IPvAnyNetwork, ...] = Field(
        (), description="Addresses and networks that are served during maintenance."
    )
    maintenance_retry_after_seconds: int = Field(
        300, ge=1, le=86_400, description="What others are told to wait meanwhile, seconds."
    )
    drain_timeout_seconds: int = Field(
        600,
        ge=1,
        le=86_400,
        description="How long connections outlive a reload, seconds. WebSockets never end by"
        " themselves.",
    )
    log_buffer_kb: int = Field(
        64, ge=4, le=4096, description="Access log lines kept in memory by each worker, KiB."
    )
    log_flush_seconds: int = Field(
        1,
        ge=1,
        le=300,
        description="... and for no longer than this, seconds. A release is watched by them.",
    )
    log_queries: bool = Field(
        False,
        description="Whether the access log has the part of URLs after `?`. It may hold tokens.",
    )

    reports_per_minute: int = Field(
        30,
        ge=1,
        le=10_000,
        description="Reports of browsers about the Content-Security-Policy that are taken from one"
        " client a minute; from all together ten times as many. Each is a line of some 200 bytes.",
    )
