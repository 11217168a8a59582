"""The server that gets a copy of the logs."""

from __future__ import annotations

from pydantic import Field, model_validator
from typing_extensions import Self

from roles.core.addresses import Address
from roles.core.model import Section
from roles.core.peer import AuthorityFile, CertificateFile, KeyFile, require_both


class Forward(Section):
    """A syslog server that speaks RELP over TLS (rsyslog's imrelp and others)."""

    host: Address | None = Field(
        None,
        description="Its name or address. Nothing leaves the host when not set.",
        examples=["logs.example.com"],
    )
    port: int = Field(
        6514, ge=1, le=65_535, description="Its TCP port. RELP has none of its own; TLS always."
    )
    server_name: Address | None = Field(
        None,
        description="Name or address that its certificate must be for. `host` when not set.",
    )
    ca_file: AuthorityFile = None
    certificate_file: CertificateFile = None
    key_file: KeyFile = None
    retry_seconds: int = Field(
        30,
        ge=1,
        le=600,
        description="How long to wait before the next try when the server is away, seconds. Each"
        " failed one is a few lines in the journal.",
    )

    @property
    def name(self) -> str:
        """Whom the certificate must name."""
        return self.server_name or self.host or ""

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        require_both(self.certificate_file, self.key_file)
        given = (self.server_name, self.ca_file, self.certificate_file)
        if any(given) and not self.host:
            raise ValueError("must have a host, or nothing is sent")
        return self
