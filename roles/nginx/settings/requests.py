"""What one request may be, and how long it may take."""

from pydantic import Field

from roles.core.model import Section

from ..patterns import Method


class Requests(Section):
    """What one request may be, and how long it may take."""

    request_timeout_seconds: int = Field(
        60, ge=1, le=3600, description="How long the application may take to answer, seconds."
    )
    connect_timeout_seconds: int = Field(
        5, ge=1, le=60, description="How long a process may take to accept a connection, seconds."
    )
    slow_client_timeout_seconds: int = Field(
        15,
        ge=1,
        le=300,
        description="How long a client may take for its headers, or between two pieces of a body or"
        " of a response, seconds. Slow on purpose is how few clients hold many connections.",
    )
    keepalive_timeout_seconds: int = Field(
        60, ge=0, le=3600, description="How long an idle connection is kept, seconds."
    )
    keepalive_requests: int = Field(
        1000, ge=1, le=1_000_000, description="Requests on one connection before it is closed."
    )
    body_limit_mb: int = Field(
        50, ge=1, le=10_240, description="The largest body of a request, MiB."
    )
    compressed_bodies: bool = Field(
        False,
        description="Whether bodies of requests may be compressed; else they get 415. A few KiB can"
        " become GiB where they are unpacked: only for applications that stop in time.",
    )
    header_limit_kb: int = Field(
        8, ge=1, le=64, description="The longest line of a request's head, its URL included, KiB."
    )
    header_buffers: int = Field(
        4, ge=2, le=64, description="How many such lines' worth of head a request may have."
    )
    response_buffer_kb: int = Field(
        16, ge=4, le=1024, description="The longest head of a response, and one piece of it, KiB."
    )
    response_buffers: int = Field(
        8,
        ge=3,  # two are on their way to the client while one is filled
        le=256,
        description="Pieces of one response kept in memory for a slow client.",
    )
    sendfile_chunk_kb: int = Field(
        512,
        ge=32,
        le=65_536,
        description="What a file's download may send at once, KiB. A fast client leaves the worker"
        " to the others after that.",
    )
    methods: tuple[Method, ...] = Field(
        ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"),
        min_length=1,
        description="Methods that are let through; any other gets 405.",
    )
