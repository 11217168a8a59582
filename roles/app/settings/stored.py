"""What an application keeps elsewhere, and what others keep of it."""

from pydantic import Field

from roles.core.model import Command, Section
from roles.external.settings import Mongo, Storage

from ..uploaded import Bucket


class Stored(Section):
    """What it keeps elsewhere, and what others keep of it."""

    mongodb: Mongo = Field(Mongo(), description="Its MongoDB, which is elsewhere.")
    storage: Storage = Field(
        Storage(), description="Its bucket in storage that speaks S3, for what users upload."
    )
    static: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*$",
        description="Folder of the release that Nginx serves by itself under /static/.",
    )
    bucket: Bucket = Field(Bucket(), description="Storage that /uploads/ is served from.")
    purge: tuple[Command, ...] = Field(
        (),
        description="Shell commands that tell a CDN to forget what a release has made old. They run"
        " on the operator's machine, once for all hosts, at the end of a run that made a release"
        " live or took one back; with DOMAIN, TAG and the variables of that run.",
    )
