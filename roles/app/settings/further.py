"""Further kinds of processes that answer HTTP, as an environment names them."""

from typing import Annotated

from pydantic import Field, StringConstraints

from roles.core.addresses import Domain
from roles.core.model import Section, section

from ..processes import Listening

RoutePath = Annotated[str, StringConstraints(pattern=r"^/([A-Za-z0-9_~.-][A-Za-z0-9_~./-]*)?$")]


class Asked(Section):
    """When a process of that kind counts as up; rows and times are those of app.health."""

    path: str = Field("/health", pattern=r"^/[^\s\"\\]*$", description="As app.health.path.")
    status: int = Field(200, ge=200, le=499, description="As app.health.status.")
    contains: str = Field("", description="As app.health.contains.")
    timeout_seconds: int = Field(5, ge=1, le=60, description="Time for one answer, seconds.")


class Http(Listening):
    """A further kind of processes that answer HTTP, beside app.web."""

    paths: tuple[RoutePath, ...] = Field(
        (),
        description='Paths that it answers, with all below; the longest that fits counts. "/": all'
        " that nothing else has; app.web.paths then go to app.web.",
    )
    hosts: tuple[Domain, ...] = Field(
        (),
        description="Host names that are all its own; each one of the aliases, which is where the"
        " certificate has it from.",
    )
    build: str | None = Field(
        None,
        description="Name of one of app.builds that it is: its folder (its output, where it has"
        " one) is where the command runs, and its kind is what runs it. As app.web when not set.",
    )
    instances: int = Field(
        2, ge=1, le=64, description="How many run. 2: while one starts again there is another."
    )
    timeout_seconds: int | None = Field(
        None,
        ge=1,
        le=3600,
        description="How long it may take to answer, seconds. nginx.request_timeout_seconds when"
        " not set.",
    )
    health: Asked = section("When a process of it counts as up.")
