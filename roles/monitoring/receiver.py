"""The server that gets what a host measures of itself, by Prometheus' remote write."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, StringConstraints, field_validator, model_validator
from typing_extensions import Self

from roles.core.model import Section
from roles.core.peer import AuthorityFile, CertificateFile, KeyFile, require_both

Series = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_:*][A-Za-z0-9_:*]{0,199}$")]
Label = Annotated[str, StringConstraints(pattern=r"^[A-Za-z_][A-Za-z0-9_]{0,63}$")]
# A dollar would be a variable of the host's, a line's end another line of the file.
Value = Annotated[str, StringConstraints(pattern=r"^[^$\x00-\x1f\x7f]{1,200}$")]
OWN = ("environment", "host")
"""Labels that each series gets."""


class RemoteWrite(Section):
    """A server that speaks Prometheus' remote write: another Prometheus, Mimir, VictoriaMetrics, a
    provider."""

    url: str | None = Field(
        None,
        pattern=r"^https://[\x21-\x7e]+$",
        description="Where what is measured is sent as well, over TLS that is verified. Nothing is"
        " sent when not set. Takes monitoring.mode = 'local', which keeps it until it is sent.",
        examples=["https://metrics.example.com/api/v1/write"],
    )
    user: str | None = Field(
        None,
        pattern=r"^[^:\x00-\x1f\x7f]+$",
        description="Account there, with a password (basic authentication).",
    )
    password: SecretStr | None = Field(None, description="The account's password.")
    token: SecretStr | None = Field(
        None, description="A bearer token, in place of user and password."
    )
    ca_file: AuthorityFile = None
    certificate_file: CertificateFile = None
    key_file: KeyFile = None
    series: tuple[Series, ...] = Field(
        (),
        description="Names of the series that are sent; * stands for any characters. All when"
        " empty: about 1500 with one application, which some providers are paid for.",
        examples=[["readyhost_*", "probe_*", "up"]],
    )
    labels: dict[Label, Value] = Field(
        {},
        description="Labels that each series gets there, beside `environment` and `host`.",
    )
    shards: int = Field(
        4,
        ge=1,
        le=50,
        description="Requests that are under way at once, at most. One sends thousands of values a"
        " second, and a host makes about a hundred; more help to make up for a time without it.",
    )
    batch: int = Field(
        500, ge=50, le=10_000, description="Values in one request, at most: Prometheus' default."
    )
    queue: int = Field(
        2500,
        ge=100,
        le=100_000,
        description="Values that wait in memory for each of `shards`, at most: five requests. What"
        " waits longer is read from the disk again, so this bounds memory and not what is kept.",
    )

    @field_validator("url")
    @classmethod
    def _names_a_place(cls, url: str | None) -> str | None:
        if url:
            parts = urlsplit(url)
            if "@" in parts.netloc:
                raise ValueError("holds a user: say it in `user` and `password`, which is secret")
            if not parts.hostname:
                raise ValueError("names no host")
        return url

    @field_validator("password", "token")
    @classmethod
    def _one_line(cls, secret: SecretStr | None) -> SecretStr | None:
        if secret and not secret.get_secret_value().isprintable():
            raise ValueError("holds what is no text of one line")
        return secret

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if bool(self.user) != bool(self.password):
            raise ValueError("must have both of user and password, or neither")
        if self.user and self.token:
            raise ValueError("must have user and password, or a token, not both")
        require_both(self.certificate_file, self.key_file)
        given = (self.user, self.token, self.ca_file, self.certificate_file, self.series)
        if any(given) and not self.url:
            raise ValueError("must have a url, or nothing is sent")
        if taken := sorted({*OWN, "__name__"} & set(self.labels)):
            raise ValueError(f"labels: {', '.join(taken)} is readyhost's own to give")
        return self
