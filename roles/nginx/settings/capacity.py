"""For how many clients at once the web server is."""

from pydantic import Field

from roles.core.model import Section


class Capacity(Section):
    """For how many clients at once it is."""

    clients: int = Field(
        3000,
        ge=100,
        le=100_000,
        description="Clients connected at the same time; connections and open files follow.",
    )
    workers: int | None = Field(
        None, ge=1, le=256, description="Worker processes. By default one a core."
    )
    backlog: int = Field(
        4096,
        ge=128,
        le=65_535,
        description="Connections that wait to be accepted. The kernel allows net.core.somaxconn.",
    )
    http2: bool = Field(True, description="Whether HTTP/2 is spoken.")
