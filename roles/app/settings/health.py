"""When a web process counts as up."""

from pydantic import Field

from roles.core.model import Section

from ..building import Seconds


class Health(Section):
    """When a web process counts as up: asked over its own socket, before it gets any traffic."""

    path: str = Field(
        "/health", pattern=r"^/[^\s\"\\]*$", description="Path that is asked, with its query."
    )
    status: int = Field(200, ge=200, le=499, description="HTTP status that means healthy.")
    contains: str = Field("", description="Text that the body must contain; empty for any body.")
    successes: int = Field(
        2, ge=1, le=20, description="Answers in a row that a process must give, 0.2 s apart."
    )
    page: str = Field(
        "/",
        pattern=r"^(/[^\s\"\\]*)?$",
        description="Page whose scripts and styles below /static/ a release must have before it is"
        " switched to, where app.static is set. Empty: none is looked at.",
    )
    deadline_seconds: Seconds = Field(
        60, description="Time for all processes to become healthy, seconds."
    )
    timeout_seconds: int = Field(5, ge=1, le=60, description="Time for one answer, seconds.")
    hang_seconds: int = Field(
        30,
        ge=0,
        le=3600,
        description="A web process that has answered nothing at all for so long, stopped or"
        " deadlocked, is restarted, seconds; asked every 5 s. 0: never.",
    )
