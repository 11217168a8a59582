"""Where alerts go."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, StringConstraints, model_validator
from typing_extensions import Self

from roles.core.addresses import Address
from roles.core.model import Section

# What is told of a host is for nobody on the way; a relay on the host itself is on no way.
_URL = re.compile(r"(https://[\x21-\x7e]+|http://(127\.0\.0\.1|localhost|\[::1\])[:/][\x21-\x7e]*)")
LOOPBACK = ("127.0.0.1", "::1", "localhost")
Recipient = Annotated[str, StringConstraints(pattern=r"^[^\s@,;<>\"]+@[A-Za-z0-9.-]+$")]


def _url(secret: SecretStr) -> SecretStr:
    if not _URL.fullmatch(secret.get_secret_value()):
        raise ValueError("must be an address that begins with https://")
    return secret


SecretUrl = Annotated[SecretStr, AfterValidator(_url)]
"""An address that may be its own password."""


class Mail(Section):
    """Mail, by your own server or a provider's."""

    to: tuple[Recipient, ...] = Field(
        (), description="Who gets it. No mail when empty.", examples=[["ops@example.com"]]
    )
    sender: Recipient | None = Field(
        None, description="From whom it is; the server must let this host send as them."
    )
    host: Address | None = Field(
        None, description="The SMTP server.", examples=["smtp.example.com"]
    )
    port: int = Field(
        587,
        ge=1,
        le=65_535,
        description="Its TCP port: 587 with STARTTLS, or 465 with TLS. Without TLS no mail leaves"
        " the host; a server on the host itself (127.0.0.1) needs none.",
    )
    user: str | None = Field(None, description="Account there. None: without a password.")
    password: SecretStr | None = Field(None, description="The account's password.")

    @property
    def in_clear(self) -> bool:
        """Whether it may go without TLS: it does not leave the host."""
        return self.host in LOOPBACK

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.to and not (self.host and self.sender):
            raise ValueError("must have host and sender where there is somebody in `to`")
        if bool(self.user) != bool(self.password):
            raise ValueError("must have both of user and password, or neither")
        if self.user and self.in_clear:
            raise ValueError("a server on the host itself takes no user: it would be sent in clear")
        return self


class Telegram(Section):
    """A chat of Telegram. Ubuntu 22.04's Alertmanager does not speak it yet."""

    chat: int | None = Field(None, description="Number of the chat; groups have negative ones.")
    token: SecretStr | None = Field(None, description="The bot's token, of @BotFather.")

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if bool(self.chat) != bool(self.token):
            raise ValueError("must have both of chat and token, or neither")
        return self
