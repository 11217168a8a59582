"""What an environment says about a service that is not on its hosts."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, model_validator
from typing_extensions import Self

from roles.core.model import Section

from . import urls

Source = Literal["local", "external", "none"]
"""local: on the host itself. external: at a provider, or on a host of its own."""

WORDS = "local: on this host. external: elsewhere, see external.url. none: the application has none"
SOURCE = f"{WORDS}. local when not set, none for an application of kind static."
CA = (
    "File on the operator's machine with the authority that signed the certificate, in PEM."
    " Relative to the project's folder. The system's authorities when not set."
)


class ExternalDatabase(Section):
    """PostgreSQL at a provider, always by TLS that is verified."""

    url: SecretStr | None = Field(
        None,
        description="postgresql://USER:PASSWORD@HOST:PORT/DATABASE, each percent-encoded; TLS with"
        " verification of the name needs not be said. Secret.",
    )
    ca_file: Path | None = Field(None, description=CA)
    connections: int | None = Field(
        None,
        ge=2,
        le=10_000,
        description="Connections that the provider gives this environment; two releases must fit."
        " What the server says when not set.",
    )
    pooled: bool = Field(
        True,
        description="Whether processes come by the host's PgBouncer, which speaks TLS for them and"
        " holds pgbouncer.pool_size connections at most; false: straight, each driver by itself.",
    )

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if self.url:
            urls.database(self.url)
        return self


class ExternalRedis(Section):
    """Redis at a provider, always by TLS that is verified."""

    url: SecretStr | None = Field(
        None,
        description="rediss://USER:PASSWORD@HOST:PORT/0, each percent-encoded. Secret.",
    )
    ca_file: Path | None = Field(None, description=CA)
    clients: int = Field(
        1000,
        ge=2,
        le=100_000,
        description="Connections that the provider gives; redis_pool of all processes of two"
        " releases must fit.",
    )

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if self.url:
            urls.redis(self.url)
        return self


class Mongo(Section):
    """MongoDB, which is always elsewhere."""

    uri: SecretStr | None = Field(
        None,
        description="MONGODB_URI, mongodb:// or mongodb+srv://, with user and password; by TLS,"
        " which mongodb+srv is by itself. Secret.",
    )
    ca_file: Path | None = Field(None, description=CA)
    pool: int = Field(
        10,
        ge=1,
        le=1000,
        description="Connections that one process may hold, as MONGODB_POOL_SIZE and as"
        " maxPoolSize in MONGODB_URI.",
    )
    connections: int = Field(
        500,
        ge=2,
        le=100_000,
        description="Connections that the provider gives: pool of all processes of two releases"
        " must fit (Atlas' smallest clusters: 500).",
    )

    @model_validator(mode="after")
    def _is_one(self) -> Self:
        if self.uri:
            urls.mongo(self.uri)
        return self


class Storage(Section):
    """A bucket for what users upload, in storage that speaks S3."""

    bucket: str | None = Field(
        None,
        pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
        description="Bucket, which must be there. None when not set.",
        examples=["shop-uploads"],
    )
    endpoint: str = Field(
        "https://s3.amazonaws.com",
        pattern=r"^https://[A-Za-z0-9.-]+(:[0-9]{1,5})?$",
        description="Address of the storage, such as https://s3.eu-central-1.wasabisys.com.",
    )
    region: str = Field(
        "us-east-1", pattern=r"^[a-z0-9-]+$", description="Region, as the storage names it."
    )
    prefix: str = Field(
        "",
        pattern=r"^([A-Za-z0-9._-]+/)*$",
        description="How keys begin that the application writes, with / at its end; the object that"
        " is tried lies there.",
    )
    path_style: bool = Field(
        True, description="Whether the bucket is in the path and not in the host name."
    )
    ca_file: Path | None = Field(None, description=CA)
    key: SecretStr | None = Field(None, description="Access key's name. Secret.")
    secret: SecretStr | None = Field(None, description="Access key's secret. Secret.")

    @model_validator(mode="after")
    def _has_credentials(self) -> Self:
        if self.bucket and not (self.key and self.secret):
            raise ValueError("must have a key and a secret for its bucket, in NAME.env")
        return self
