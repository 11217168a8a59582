"""How files and answers are sent: compressed, kept, fetched from a bucket."""

from ipaddress import ip_address

from pydantic import Field
from pydantic.networks import IPvAnyAddress

from roles.core.model import Section

from ..patterns import MediaType


class Served(Section):
    """How files and answers are sent."""

    gzip_level: int = Field(
        5, ge=0, le=9, description="Effort of compression. 5 takes 76 % off JSON. 0: none."
    )
    brotli: bool = Field(
        True,
        description="Files of the release that its build has compressed, NAME.br beside NAME, are"
        " sent as they are to who takes them. Where Nginx has the module: Ubuntu 24.04, Debian.",
    )
    gzip_min_bytes: int = Field(
        512, ge=20, le=1_000_000, description="Responses below this are sent as they are, bytes."
    )
    gzip_types: tuple[MediaType, ...] = Field(
        (
            "application/atom+xml",
            "application/geo+json",
            "application/javascript",
            "application/json",
            "application/ld+json",
            "application/manifest+json",
            "application/problem+json",
            "application/rss+xml",
            "application/vnd.api+json",
            "application/wasm",
            "application/xhtml+xml",
            "application/xml",
            "image/bmp",
            "image/svg+xml",
            "image/x-icon",
            "text/css",
            "text/csv",
            "text/javascript",
            "text/markdown",
            "text/plain",
            "text/xml",
        ),
        description="Media types that are compressed, beside text/html, which always is. What is"
        " compressed already (fonts, photographs) only costs time.",
    )
    static_days: int = Field(
        30,
        ge=0,
        le=365,
        description="How long browsers keep static files and uploads, days. Those with a hash in"
        " their name are never asked for again in that time.",
    )

    uploads_cache_mb: int = Field(
        1024,
        ge=16,
        le=1_000_000,
        description="Room on the disk for what was fetched from public buckets (app.bucket), MiB."
        " What was asked for longest ago goes first.",
    )
    resolver: tuple[IPvAnyAddress, ...] = Field(
        (ip_address("127.0.0.53"),),
        min_length=1,
        description="Name servers by which Nginx finds a bucket's host: systemd-resolved's. A host"
        " without that (Debian) has its own in /etc/resolv.conf.",
    )
