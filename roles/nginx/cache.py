"""Responses kept for a short time, where the application allows it."""

from pydantic import Field

from roles.core.model import Section


class Cache(Section):
    """Nginx's cache of the application's responses.

    It keeps what the application says anybody may be answered with, by `Cache-Control: public` with
    max-age or by s-maxage, for as long as that says, and nothing else. What is `private` or
    `no-store`, what sets a cookie, and whatever was asked for with a cookie or an Authorization
    header is neither kept nor answered from it.
    """

    enabled: bool = Field(
        True,
        description="Whether responses are kept. An application that never says public or s-maxage"
        " sees no difference.",
    )
    size_mb: int = Field(256, ge=1, le=1_000_000, description="Room for them on the disk, MiB.")
    keys_mb: int = Field(
        10, ge=1, le=1024, description="Memory for what is where, MiB. One holds 8000 responses."
    )
    idle_minutes: int = Field(
        10, ge=1, le=10_080, description="What nobody asked for in this time is dropped, minutes."
    )
    stale: bool = Field(
        True,
        description="Answer with what has expired while one request fetches it anew, and while the"
        " application fails.",
    )
    lock: bool = Field(
        False,
        description="Of clients that miss at once one asks the application and the others wait."
        " They wait for answers that may not be kept too, one after the other: only for a site"
        " whose answers to unknown visitors may all be kept.",
    )
