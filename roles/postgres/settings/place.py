"""Which server, where it listens and to whom."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, IPvAnyAddress, IPvAnyNetwork, StringConstraints, model_validator

from roles.core.model import Section

from ..names import HostPath


class Place(Section):
    """Version, addresses and transport."""

    version: Annotated[str, StringConstraints(pattern=r"^[0-9]{2}$")] | None = Field(
        None,
        description="Major version, such as 14. The distribution's when not set; another one is"
        " refused, because no repository but the distribution's is configured.",
    )
    port: int = Field(5432, ge=1024, le=65_535, description="TCP port.")
    listen: tuple[IPvAnyAddress, ...] = Field(
        (), description="Addresses of this host that listen besides localhost."
    )
    allow: tuple[IPvAnyNetwork, ...] = Field(
        (), description="Networks that may connect, with TLS and SCRAM only. None by default."
    )
    tls_certificate: HostPath = Field(
        "/etc/ssl/certs/ssl-cert-snakeoil.pem",
        description="Certificate shown to other hosts. The package's self-signed one encrypts,"
        " and proves nothing.",
    )
    tls_key: HostPath = Field(
        "/etc/ssl/private/ssl-cert-snakeoil.key",
        description="Its private key, readable by the group ssl-cert.",
    )

    @model_validator(mode="after")
    def _heard(self) -> Place:
        if self.allow and not self.listen:
            raise ValueError("allow has no effect without listen")
        return self
