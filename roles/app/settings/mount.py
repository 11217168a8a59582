"""What Nginx serves of an application by itself, as an environment names it."""

from typing import Literal

from pydantic import Field

from roles.core.model import Section

from ..building import Folder


class Mount(Section):
    """A folder of the release that Nginx serves by itself."""

    url: str = Field(
        "/",
        pattern=r"^/([a-z0-9][a-z0-9.-]*/)*$",
        description="Where it is, such as /assets/. /: all that nothing else has; of an application"
        " that runs, app.web.paths go to its processes.",
    )
    build: str | None = Field(
        None,
        description="Name of one of app.builds whose output the folder is in. The release's own"
        " folder when not set.",
    )
    folder: Folder = Field("", description="The folder in there; empty for all of it.")
    fallback: str = Field(
        "",
        pattern=r"^([A-Za-z0-9_][A-Za-z0-9._-]*\.html)?$",
        description="Page for every path without an ending that is no file: index.html, for a"
        " front end that has its routes itself. Empty: 404.",
    )
    cache: Literal["hashed", "all", "none"] = Field(
        "hashed",
        description="hashed: browsers keep files with a hash in their name for a year, and ask"
        " each time whether the others are as they were. all: everything but pages for a year."
        " none: nothing.",
    )
    cdn_seconds: int = Field(
        0,
        ge=0,
        le=31_536_000,
        description="How long a CDN may keep what browsers ask for each time, pages above all,"
        " seconds (CDN-Cache-Control); app.purge has it forget them at a release. 0: as browsers.",
    )
