"""The algorithms that a release's OpenSSH is told to use: pure, by version.

Left out are SHA-1, CBC, 64-bit MACs, encrypt-and-MAC, the NIST curves for exchange and host key,
DSA, and ChaCha20-Poly1305: a client without strict key exchange can be attacked with it
(CVE-2023-48795). The lists agree with ssh-audit's policies; paramiko, the client that readyhost
itself is, knows curve25519 of the exchanges.
"""

from __future__ import annotations

from dataclasses import dataclass

from roles.core.machine import Machine

OPENSSH = {
    "jammy": (8, 9),
    "bookworm": (9, 2),
    "noble": (9, 6),
    "trixie": (10, 0),
}
"""Versions of the distributions, (major, minor)."""


@dataclass(frozen=True)
class Algorithms:
    """Lists in the order of preference."""

    exchanges: tuple[str, ...]
    ciphers: tuple[str, ...]
    macs: tuple[str, ...]
    host_keys: tuple[str, ...]
    user_keys: tuple[str, ...]


def version(machine: Machine) -> tuple[int, int]:
    """The OpenSSH of this machine's distribution."""
    return OPENSSH[machine.codename]


def algorithms(machine: Machine, *, rsa: bool) -> Algorithms:
    """What the machine's sshd may use.

    rsa: whether the host has an RSA key that is long enough to be shown.
    """
    return Algorithms(
        exchanges=(*_post_quantum(version(machine)), *_PARAMIKO),
        ciphers=(
            "aes256-gcm@openssh.com",
            "aes128-gcm@openssh.com",
            "aes256-ctr",
            "aes192-ctr",
            "aes128-ctr",
        ),
        macs=("hmac-sha2-512-etm@openssh.com", "hmac-sha2-256-etm@openssh.com"),
        host_keys=("ssh-ed25519", *(_RSA if rsa else ())),
        user_keys=(
            "ssh-ed25519",
            "sk-ssh-ed25519@openssh.com",
            "sk-ecdsa-sha2-nistp256@openssh.com",
            "ecdsa-sha2-nistp256",
            "ecdsa-sha2-nistp384",
            "ecdsa-sha2-nistp521",
            *_RSA,
        ),
    )


_RSA = ("rsa-sha2-512", "rsa-sha2-256")
_PARAMIKO = ("curve25519-sha256", "curve25519-sha256@libssh.org")


def _post_quantum(version: tuple[int, int]) -> tuple[str, ...]:
    """What an attacker who records today can't read with a quantum computer tomorrow."""
    if version >= (9, 9):
        return (
            "mlkem768x25519-sha256",
            "sntrup761x25519-sha512",
            "sntrup761x25519-sha512@openssh.com",
        )
    if version >= (8, 5):
        return ("sntrup761x25519-sha512@openssh.com",)
    return ()
