"""Who may see what: the API's documentation, other origins, other names of the site."""

from typing import Literal

from pydantic import Field

from roles.core.model import Section

from ..paths import PathPattern
from ..patterns import HeaderName, OriginPattern


class Openness(Section):
    """Who may see what."""

    docs_open: bool = Field(False, description="Whether `docs_paths` are reachable.")
    docs_paths: tuple[PathPattern, ...] = Field(
        (
            "/docs",
            "/redoc",
            "/openapi.json",
            "/api/docs",
            "/api/redoc",
            "/api/openapi.json",
            "/api/*/docs",
            "/api/*/redoc",
            "/api/*/openapi.json",
            "/swagger",
            "/swagger-ui",
            "/api/swagger",
            "/api/schema",
            "/api-docs",
            "/apidocs",
            "/graphiql",
        ),
        description="The API's documentation, with all that is below; 404 unless docs_open. A site"
        " with a page for people under one of these takes it from the list. /graphql is not in it:"
        " it is the API itself.",
    )
    cors: Literal["own", "application"] = Field(
        "own",
        description="Who answers other origins. own: Nginx, and only for the own domains and"
        " cors_origins. application: the application, for whomever it wants.",
    )
    cors_origins: tuple[OriginPattern, ...] = Field(
        (),
        description="Origins allowed beside the own domains, such as https://admin.example.org, or"
        " https://*.preview.example.org: every name one step below. Whoever may make such a name"
        " reads what its visitors may.",
    )
    cors_exposed: tuple[HeaderName, ...] = Field(
        ("X-Request-ID",), description="Headers of answers that scripts of those origins may read."
    )
    cors_max_age_seconds: int = Field(
        7200, ge=0, le=86_400, description="How long browsers may remember the answer, seconds."
    )
    redirect_aliases: bool = Field(
        True, description="Whether aliases send visitors on to the domain, or serve the same."
    )
