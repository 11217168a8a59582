"""What differs between the versions of Nginx that distributions ship."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Features:
    """http2_directive: `http2 on` instead of `listen … http2`, which is deprecated from 1.25.1 on.
    reject_handshake: a TLS handshake for an unknown name can be refused, from 1.19.4 on.
    groups: for key exchanges, best first: those of Mozilla's Server Side TLS 5.7, and before them
    one that a quantum computer does not break where the OpenSSL beside that Nginx has it (3.5)."""

    http2_directive: bool
    reject_handshake: bool
    groups: tuple[str, ...]


def features(version: tuple[int, int]) -> Features:
    """The Features of a version, given as major and minor.

    Distributions ship stable branches, whose minor numbers are even, so 1.26 is the first with what
    1.25 brought.
    """
    hybrid = ("X25519MLKEM768",) if version >= (1, 26) else ()
    return Features(
        http2_directive=version >= (1, 26),
        reject_handshake=version >= (1, 20),
        groups=(*hybrid, "X25519", "prime256v1", "secp384r1"),
    )
