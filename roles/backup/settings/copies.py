"""Where the second copy is: a storage, another host that gets it, one that fetches it, or all."""

from __future__ import annotations

from pydantic import Field, IPvAnyAddress, model_validator
from typing_extensions import Self

from roles.core.model import Secret, Section

from .patterns import Host, HostPath


class Offsite(Section):
    """Storage that speaks S3 (AWS, Wasabi, MinIO, any other) for a second copy of everything."""

    bucket: str | None = Field(
        None,
        pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$",
        description="Bucket of the off-site copy; it must be there. No off-site copy when not set.",
        examples=["shop-backup"],
    )
    endpoint: Host = Field(
        "s3.amazonaws.com",
        description="Host name of the storage, such as s3.eu-central-1.wasabisys.com.",
    )
    port: int = Field(443, ge=1, le=65_535, description="TCP port of the storage; TLS always.")
    region: str = Field(
        "us-east-1", pattern=r"^[a-z0-9-]+$", description="Region, as the storage names it."
    )
    prefix: str = Field(
        "readyhost",
        pattern=r"^[A-Za-z0-9._-]+$",
        description="Folder in the bucket, so that several hosts can share one.",
    )
    path_style: bool = Field(
        True,
        description="Whether the bucket is in the path and not in the host name: every storage"
        " understands it, and a certificate needs no wildcard.",
    )
    ca_file: HostPath | None = Field(
        None,
        description="File on the host with the authority that signed the storage's certificate,"
        " where it is a private one. The system's authorities when not set.",
    )
    key: Secret | None = Field(None, description="Access key's name. Secret.")
    secret: Secret | None = Field(None, description="Access key's secret. Secret.")

    @model_validator(mode="after")
    def _has_credentials(self) -> Self:
        if self.bucket and not (self.key and self.secret):
            raise ValueError(
                "must have a key and a secret for its bucket: READYHOST_BACKUP__OFFSITE__KEY and"
                " READYHOST_BACKUP__OFFSITE__SECRET"
            )
        return self


class Mirror(Section):
    """Another host that is reached by SSH, for a second copy of everything."""

    host: Host | None = Field(
        None,
        description="Host name or address. No mirror when not set.",
        examples=["backup.example.com"],
    )
    port: int = Field(22, ge=1, le=65_535, description="TCP port of its SSH server.")
    user: str = Field(
        "backup", pattern=r"^[a-z_][a-z0-9_.-]*$", description="User there, of its own."
    )
    path: str = Field(
        "readyhost",
        pattern=r"^[A-Za-z0-9._/-]*[A-Za-z0-9_]$",
        description="Folder there, absolute or below the user's home; one for each host. A command"
        " in authorized_keys (docs/backup-copies.md) has its own.",
    )
    host_key: str | None = Field(
        None,
        pattern=r"^(ssh-ed25519|ecdsa-sha2-nistp256|ssh-rsa) [A-Za-z0-9+/]+=*$",
        description="Its public host key, as ssh-keyscan prints it after the host's name.",
    )
    late_minutes: int = Field(
        15, ge=1, le=1440, description="The watch warns when the mirror is so far behind, minutes."
    )

    @model_validator(mode="after")
    def _is_known(self) -> Self:
        if self.host and not self.host_key:
            raise ValueError("must have a host_key for its host: ssh-keyscan -t ed25519 HOST")
        return self


class Pull(Section):
    """Another host that fetches a second copy by itself: this one has no key to it."""

    key: str | None = Field(
        None,
        pattern=r"^(ssh-ed25519|ecdsa-sha2-nistp256|ssh-rsa) [A-Za-z0-9+/]+=*$",
        description="Public key that it logs in here with, to read the backups. Nobody fetches when"
        " not set.",
        examples=["ssh-ed25519 AAAA…"],
    )
    address: IPvAnyAddress | None = Field(
        None, description="The only IP address that it comes from. Any when not set."
    )
