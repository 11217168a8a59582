"""Where visitors' files are when they are not on the host: a bucket that Nginx asks by itself."""

from __future__ import annotations

from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, field_validator

from roles.core.model import Section


class Bucket(Section):
    """S3-compatible storage behind /uploads/. The application writes there itself."""

    url: str = Field(
        "",
        pattern=r"^(https?://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._~-]+)+/?)?$",
        examples=["https://s3.eu-central-1.wasabisys.com/shop-uploads"],
        description="Address of the bucket, by path, and of a folder in it where there is one:"
        " /uploads/a/b.png is a/b.png below it. The host's folder when empty.",
    )
    access: Literal["public", "signed"] = Field(
        "public",
        description="public: anybody may read the bucket; Nginx keeps what it fetched. signed: only"
        " who has a signature that the application made (a presigned URL, with the endpoint as its"
        " host, under /uploads/ of the own domain); Nginx hands it on, and keeps nothing.",
    )
    ca_file: str = Field(
        "/etc/ssl/certs/ca-certificates.crt",
        pattern=r"^/[A-Za-z0-9._/-]+$",
        description="PEM file on the host: the authorities that its certificate may be of.",
    )

    @field_validator("url")
    @classmethod
    def _plain(cls, value: str) -> str:
        if any(part in (".", "..") for part in value.split("/")):
            raise ValueError("must have no . or .. in it")
        return value.rstrip("/")

    @property
    def host(self) -> str:
        """Its host, with the port that stands there."""
        return urlsplit(self.url).netloc
