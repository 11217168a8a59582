"""By what a host and a server elsewhere know each other: settings of it, and what is in them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr

_PEM = "PEM file on the operator's machine, relative to the project:"
AuthorityFile = Annotated[
    Path | None,
    Field(
        description=f"{_PEM} the authority that must have signed its certificate. The system's"
        " authorities when not set."
    ),
]
CertificateFile = Annotated[
    Path | None,
    Field(
        description=f"{_PEM} the certificate that hosts show, then its intermediates, where the"
        " server asks for one."
    ),
]
KeyFile = Annotated[
    Path | None, Field(description=f"{_PEM} its private key, without a passphrase.")
]


def require_both(certificate: Path | None, key: Path | None) -> None:
    """Raise ValueError for a certificate without its key, or a key without its certificate."""
    if bool(certificate) != bool(key):
        raise ValueError("must have both of certificate_file and key_file, or neither")


_NONE = SecretStr("")


@dataclass(frozen=True)
class Peer:
    """The texts by which host and server know each other, PEM; empty where there is none."""

    authority: str = ""
    certificate: str = ""
    key: SecretStr = _NONE
