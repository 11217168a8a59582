"""What the tries have in common: bounds, TLS, and why one failed."""

from __future__ import annotations

import ssl
from typing import Any

TIMEOUT = 10  # seconds for one service, TLS and login included
WHOLE = 40  # seconds, whatever it says meanwhile: a byte now and then is no answer
MOST_MEMORY = 1 << 30
"""Bytes. Who answers may be anybody, without end: his words fill no memory of the host."""
LONGEST = 400  # characters of what it says that are told
OLDEST = {"database": 12, "redis": 5, "mongodb": 4}  # major versions; older ones get no fixes

Wish = dict[str, Any]
Found = tuple[str, list[str]]  # what is said of it, and what it lacks


class Refused(Exception):
    """Why a service can't be used."""


def context(authorities: str) -> ssl.SSLContext:
    """TLS that is verified, by the given authorities alone or by the system's."""
    made = ssl.create_default_context(cadata=authorities or None)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    return made


def require(what: str, version: int) -> None:
    """A version that still gets fixes."""
    if version < OLDEST[what]:
        raise Refused(f"its version is {version}; {OLDEST[what]} or later is needed")


def reason(error: BaseException) -> str:
    """One line, for people."""
    seen: BaseException | None = error
    while seen is not None:
        if isinstance(seen, ssl.SSLCertVerificationError):
            return f"its certificate is refused: {seen.verify_message}"
        if isinstance(seen, ConnectionRefusedError):
            return "nothing answers there"
        if isinstance(seen, MemoryError):
            return f"what it says does not fit into {MOST_MEMORY >> 20} MiB"
        seen = seen.__cause__ or seen.__context__
    if isinstance(error, TimeoutError):
        return f"it does not answer within {TIMEOUT} s"
    return " ".join(str(error).split()) or type(error).__name__
