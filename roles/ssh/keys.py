"""The host's own keys."""

from __future__ import annotations

from pyinfra.api import FactBase

MIN_RSA_BITS = 3072
ED25519 = "/etc/ssh/ssh_host_ed25519_key"
RSA = "/etc/ssh/ssh_host_rsa_key"


class RsaBitsFact(FactBase):
    """Length of the host's RSA key, bits; 0 if it has none."""

    default = int

    def command(self) -> str:
        return f"ssh-keygen -l -f {RSA}.pub 2>/dev/null; true"

    def process(self, output: list[str]) -> int:
        return int(output[0].split()[0]) if output else 0


MAKE = f"ssh-keygen -q -t ed25519 -N '' -f {ED25519}"
