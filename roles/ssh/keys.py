"""The host's own keys."""

from __future__ import annotations

from roles.core.machine import Machine

MIN_RSA_BITS = 3072
ED25519 = "/etc/ssh/ssh_host_ed25519_key"
RSA = "/etc/ssh/ssh_host_rsa_key"
ASK = f"ssh-keygen -l -f {RSA}.pub 2>/dev/null | sed 's/^/told rsa-bits /'"
MAKE = f"ssh-keygen -q -t ed25519 -N '' -f {ED25519}"


def rsa_bits(machine: Machine) -> int:
    """Length of the host's RSA key, bits; 0 if it has none."""
    return next((int(said[0]) for said in machine.tells("rsa-bits") if said), 0)
