"""What an application keeps elsewhere, and what others keep of it."""

from typing import Literal

from pydantic import Field, model_validator

from roles.core.model import Command, Section, section
from roles.external.settings import Mongo, Storage

from ..uploaded import Bucket


class Stored(Section):
    """What it keeps elsewhere, and what others keep of it."""

    mongodb: Mongo = section("Its MongoDB, which is elsewhere.")
    storage: Storage = section("Its bucket in storage that speaks S3, for what users upload.")
    static: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*$",
        description="Folder of the release that Nginx serves by itself under /static/.",
    )
    uploads: Literal["public", "private"] = Field(
        "public",
        description="Who gets what is in UPLOADS_DIR. public: anybody, from Nginx, below /uploads/."
        " private: nobody but through the application, which asks who it is; /uploads/ is then a"
        " path like any other.",
    )
    bucket: Bucket = section("Storage that /uploads/ is served from.")
    purge: tuple[Command, ...] = Field(
        (),
        description="Shell commands that tell a CDN to forget what a release has made old. They run"
        " on the operator's machine, once for all hosts, at the end of a run that made a release"
        " live or took one back; with DOMAIN, TAG and the variables of that run.",
    )

    @model_validator(mode="after")
    def _one_word(self) -> "Stored":
        """A bucket's files come from Nginx too: what may read them is said at the bucket."""
        if self.uploads == "private" and self.bucket.url:
            raise ValueError(
                "uploads: private is about the host's folder; who may read a bucket says"
                ' bucket.access = "signed"'
            )
        return self
