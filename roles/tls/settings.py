"""The `tls` part of an environment's settings."""

from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator
from typing_extensions import Self

from roles.core.model import Section, section

from .acme import Acme


class Tls(Section):
    """Where the certificate comes from, and how strict TLS is."""

    certificate: Literal["self-signed", "provided", "acme"] = Field(
        "self-signed",
        description="Where the certificate comes from. self-signed: the host makes it, browsers"
        " warn; for staging and for a first run. provided: `certificate_file` and `key_file`. acme:"
        " Let's Encrypt, or another authority that speaks ACME; see [tls.acme].",
    )
    certificate_file: Path | None = Field(
        None,
        description="PEM file on the operator's machine, relative to the project: the certificate,"
        " then its intermediates. Only with certificate = provided.",
    )
    key_file: Path | None = Field(
        None,
        description="PEM file on the operator's machine, relative to the project: the private key,"
        " without a passphrase. Only with certificate = provided.",
    )
    acme: Acme = section("With certificate = acme: how it is obtained.")
    profile: Literal["intermediate", "modern"] = Field(
        "intermediate",
        description="Mozilla's recommendation to follow. intermediate: TLS 1.2 and 1.3, every"
        " browser of the last ten years. modern: TLS 1.3 only.",
    )
    session_cache_mb: int = Field(
        20,
        ge=1,
        le=1024,
        description="Memory for resumable TLS sessions, MiB. One holds about 4000.",
    )
    session_hours: int = Field(
        24,
        ge=1,
        le=168,
        description="How long a TLS session can be resumed, hours. Mozilla recommends a day.",
    )
    self_signed_days: int = Field(
        397,
        ge=30,
        le=3650,
        description="Lifetime of a self-signed certificate, days. More than 397 is refused by"
        " Apple's systems even where it is trusted.",
    )
    renew_before_days: int = Field(
        30,
        ge=1,
        le=365,
        description="A self-signed certificate with less than this left is made anew, a provided"
        " one with less than this left is reported, days.",
    )

    @field_validator("certificate", mode="before")
    @classmethod
    def _renamed(cls, value: object) -> object:
        for former, name in (("self-made", "self-signed"), ("given", "provided")):
            if value == former:
                raise ValueError(f"{former} is called {name} now")
        return value

    @model_validator(mode="after")
    def _files_belong_to_provided(self) -> Self:
        files = {"certificate_file": self.certificate_file, "key_file": self.key_file}
        missing = [name for name, path in files.items() if path is None]
        if self.certificate == "provided" and missing:
            raise ValueError(f"certificate = provided needs {' and '.join(missing)}")
        if self.certificate != "provided" and len(missing) < len(files):
            raise ValueError("certificate_file and key_file are for certificate = provided only")
        if self.renew_before_days >= self.self_signed_days:
            raise ValueError("renew_before_days must be less than self_signed_days")
        return self
