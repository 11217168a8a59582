"""How requests get to the application's processes."""

from pydantic import Field

from roles.core.model import Section

from ..patterns import UrlPath


class Upstream(Section):
    """How requests get to the application's processes."""

    upstream_max_fails: int = Field(
        1,
        ge=0,
        le=100,
        description="Failures within upstream_rest_seconds after which a process is passed over"
        " for as"
        " long, unless nobody else is left. 0: never, so that every request finds out by itself.",
    )
    upstream_rest_seconds: int = Field(
        1,
        ge=1,
        le=600,
        description="How long a failing process is passed over, seconds, up to one more since"
        " Nginx counts whole ones.",
    )
    upstream_tries: int = Field(
        3,
        ge=1,
        le=20,
        description="Processes that are tried for one request. Bounded, so that a request that"
        " kills processes can't kill all of them.",
    )
    stream_paths: tuple[UrlPath, ...] = Field(
        ("/ws", "/events"),
        description="WebSockets and server-sent events, with all that is below: not buffered, open"
        " for stream_timeout_seconds.",
    )
    stream_timeout_seconds: int = Field(
        3600, ge=1, le=86_400, description="How long a stream may be silent, seconds."
    )
