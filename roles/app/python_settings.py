"""The Python that an application asks for in its settings."""

from typing import Literal, cast

from pydantic import Field, model_validator

from roles.core.model import Section

Series = Literal["3.11", "3.12", "3.13", "3.14"]
SERIES: tuple[Series, ...] = ("3.11", "3.12", "3.13", "3.14")


class Python(Section):
    """The Python that builds and runs the application. Without settings the host's own."""

    version: str | None = Field(
        None,
        pattern=r"^3\.1[1-4](\.\d{1,3}([-+][A-Za-z0-9.+]{1,40})?)?$",
        examples=["3.12", "3.12.3-1ubuntu0.17"],
        description="The host's own when not set. 3.11 to 3.14: where the host's own is another one"
        " it is built once from a distribution's source package, in the version that readyhost"
        " knows, and kept in /opt/python. A whole version of such a package is taken where the"
        " archive has it still.",
    )
    mirror: str = Field(
        "",
        pattern=r"^(https?://[A-Za-z0-9._:/-]+)?$",
        description="Address of an archive that has the source package, in place of the"
        " distribution's own. Its signature is asked for as there.",
    )
    url: str = Field(
        "",
        pattern=r"^(https?://[^\s'\"\\]+)?$",
        description="Address of a ready-made Python in place of one that is built: an archive"
        " (.tar.gz, all in python/) as python-build-standalone and uv have them.",
    )
    digest: str = Field(
        "",
        pattern=r"^([0-9a-f]{64})?$",
        description="SHA-256 of what is at app.python.url. What has another one is refused.",
    )

    @model_validator(mode="after")
    def _whole(self) -> "Python":
        if bool(self.url) != bool(self.digest):
            raise ValueError("url and digest go together: a ready-made Python is known by both")
        if (self.url or self.mirror) and not self.version:
            raise ValueError("url and mirror need a version, such as 3.12")
        return self

    @property
    def series(self) -> Series | None:
        """The two numbers of the version."""
        return cast(Series, ".".join(self.version.split(".")[:2])) if self.version else None
