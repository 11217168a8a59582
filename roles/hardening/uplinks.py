"""By which interfaces the rest of the world is reached."""

from __future__ import annotations

from roles.core.machine import CONNECTION, Machine

# Of each default route in any table its interface, and of this very connection both: the one that
# has the address which the operator came to, and the one by which the answers leave.
ASK = (
    CONNECTION
    + r"""
{
  ip -4 route show table all default
  connection | head -n 1 | { read -r client _ server _ &&
    ip -4 -o address show to "$server" && ip -4 route get "$client" from "$server"; }
} 2>/dev/null | sed -nE -e 's/^[0-9]+: ([^ @]+) .*/told uplink \1/p' \
  -e 's/^.* dev ([^ ]+).*/told uplink \1/p' | sort -u
"""
)


def uplinks(machine: Machine) -> list[str]:
    """Their names; more than one where packets may come by another way than the answers leave."""
    return sorted({name for name, *_ in machine.tells("uplink")})
