"""What a request has to show, so that nobody goes around the CDN."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, model_validator
from pydantic.networks import IPvAnyNetwork

from roles.core.model import Section

from ..patterns import HeaderName

SHORTEST = 24  # characters of a secret that nobody guesses


def _plain(value: SecretStr) -> SecretStr:
    """A header's value that needs no quotes anywhere."""
    text = value.get_secret_value()
    if len(text) < SHORTEST or not text.isascii() or not text.replace("_", "a").isalnum():
        raise ValueError(f"must be {SHORTEST} or more letters, digits and _: openssl rand -hex 24")
    return value


HeaderSecret = Annotated[SecretStr, AfterValidator(_plain)]


class Origin(Section):
    """What a request has to show, each that is set; from elsewhere it gets 403."""

    only_proxies: bool = Field(False, description="It comes from one of nginx.trusted_proxies.")
    ca_file: Path | None = Field(
        None,
        description="It has a client certificate that this authority has signed: PEM file on the"
        " operator's machine, relative to the project (Cloudflare's authenticated origin pulls,"
        " with an authority of your own: theirs is every customer's).",
    )
    header: HeaderName = Field(
        "X-Origin-Secret", description="Header in which the CDN sends `secret`."
    )
    secret: HeaderSecret | None = Field(
        None,
        description="The CDN sends this in `header`. It never reaches the application. Secret.",
    )
    former_secret: HeaderSecret | None = Field(
        None, description="Is taken as well, while the CDN learns another. Secret."
    )
    allow: tuple[IPvAnyNetwork, ...] = Field(
        (),
        description="Networks that need show nothing: monitoring, the operator's machine. The host"
        " itself never does.",
    )

    @model_validator(mode="after")
    def _whole(self) -> Origin:
        if self.former_secret and not self.secret:
            raise ValueError("former_secret needs a secret")
        return self

    @property
    def asked(self) -> bool:
        """Whether anything has to be shown."""
        return bool(self.only_proxies or self.ca_file or self.secret)
