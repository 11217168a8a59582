"""By what a host and a server elsewhere know each other."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import SecretStr

_NONE = SecretStr("")


@dataclass(frozen=True)
class Peer:
    """The texts by which host and server know each other, PEM; empty where there is none."""

    authority: str = ""
    certificate: str = ""
    key: SecretStr = _NONE
