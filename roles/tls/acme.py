"""Settings for a certificate from Let's Encrypt, or from any other authority that speaks ACME."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr, StringConstraints, model_validator
from typing_extensions import Self

from roles.core.model import Section, section

LETS_ENCRYPT = "https://acme-v02.api.letsencrypt.org/directory"
STAGING = "https://acme-staging-v02.api.letsencrypt.org/directory"


def _one_line(secret: SecretStr) -> SecretStr:
    if not secret.get_secret_value().isprintable():
        raise ValueError("must be one line of printable characters")
    return secret


Line = Annotated[SecretStr, AfterValidator(_one_line)]
Hash = Annotated[str, StringConstraints(pattern=r"^sha256:[0-9a-f]{64}$")]
Word = Annotated[str, StringConstraints(pattern=r"^[\x21-\x7e]+$")]


class Dns(Section):
    """How names are proved by a record in the DNS (DNS-01) instead of a file (HTTP-01)."""

    plugin: str | None = Field(
        None,
        pattern=r"^dns-[a-z0-9]+$",
        description="The plug-in of certbot that writes the record. Names are proved by a file that"
        " Nginx serves when not set.",
        examples=["dns-cloudflare"],
    )
    package: str | None = Field(
        None,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][A-Za-z0-9.]*$",
        description="Its package and version, for one that is not certbot's own, such as"
        " certbot-dns-hetzner==2.0.1. certbot's own has the name certbot-PLUGIN and certbot's"
        " version.",
    )
    hashes: tuple[Hash, ...] = Field(
        (),
        description="SHA-256 of the plug-in's files on the package index, sha256:…: another file is"
        " refused. Without them it is taken as it comes, and each run says so; what it needs beyond"
        " certbot always is.",
    )
    credentials: dict[Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_]+$")], Line] = Field(
        {},
        description="The plug-in's credentials by their names in its documentation, such as"
        " dns_cloudflare_api_token; upper case is the same. Secret.",
    )
    propagation_seconds: int = Field(
        60,
        ge=1,
        le=3600,
        description="How long a new record takes to be on all of the zone's servers, seconds.",
    )

    @model_validator(mode="after")
    def _needs_a_plugin(self) -> Self:
        if not self.plugin and (self.package or self.credentials or self.hashes):
            raise ValueError("package, hashes and credentials are for a plugin, which is not set")
        return self


class Acme(Section):
    """Where the certificate is asked for, what for, and how the names are proved.

    To choose certificate = acme is to agree to the authority's terms.
    """

    email: str | None = Field(
        None,
        pattern=r"^[^@\s,]+@[^@\s,]+$",
        description="Address that the authority may write to. Let's Encrypt does not write.",
        examples=["admin@example.com"],
    )
    directory: str = Field(
        LETS_ENCRYPT,
        pattern=r"^https://[\x21-\x7e]+$",
        description="The authority: URL of its ACME directory.",
    )
    staging: bool = Field(
        False,
        description="Ask Let's Encrypt's staging authority: browsers warn, its limits are wide. For"
        " trying out.",
    )
    ca_file: Path | None = Field(
        None,
        description="PEM file on the operator's machine, relative to the project: what the"
        " directory's own certificate is trusted by, for a private authority.",
    )
    external_account_id: Word | None = Field(
        None, description="Key identifier of an account that the authority wants to know (EAB)."
    )
    external_account_key: Line | None = Field(
        None, description="The HMAC key that goes with it. Secret."
    )
    profile: Word | None = Field(
        None,
        description="Certificate profile, where the authority has several: Let's Encrypt's"
        " shortlived is six days.",
    )
    key: Literal["ecdsa-p256", "ecdsa-p384", "rsa-2048", "rsa-3072", "rsa-4096"] = Field(
        "ecdsa-p256",
        description="Kind of key. Every browser of the last ten years knows ECDSA P-256, whose"
        " handshake costs a tenth of RSA's.",
    )
    wildcard: bool = Field(
        False,
        description="Ask for *.DOMAIN too, which covers every alias directly below the domain."
        " Needs dns.plugin.",
    )
    dns: Dns = section("Prove the names by the DNS, which wildcards need.")
    probe: bool = Field(
        True,
        description="Before the authority is asked, each name must lead back to this host, tried"
        " from the host itself. Off where a host can't reach its own public address.",
    )
    renew_hours: int = Field(
        12,
        ge=1,
        le=12,
        description="How often it is looked whether renewal is due, hours. Certificates that live"
        " less than three days need it more often than twice a day.",
    )
    certbot: Literal["pinned", "distribution"] = Field(
        "pinned",
        description="pinned: the version of pyproject.toml from PyPI, in an environment of its own."
        " distribution: the distribution's package, which asks no authority when to renew (ARI).",
    )

    @property
    def url(self) -> str:
        """The directory that is asked."""
        return STAGING if self.staging else self.directory

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if self.staging and self.directory != LETS_ENCRYPT:
            raise ValueError("staging is Let's Encrypt's; leave it out where directory is set")
        if self.wildcard and not self.dns.plugin:
            raise ValueError("wildcard needs dns.plugin: authorities prove *.DOMAIN by DNS only")
        if bool(self.external_account_id) != bool(self.external_account_key):
            raise ValueError("external_account_id and external_account_key belong together")
        if self.certbot == "distribution":
            if self.profile:
                raise ValueError("profile needs certbot = pinned: older ones know no profiles")
            if self.dns.package:
                raise ValueError("dns.package is for certbot = pinned")
        return self
