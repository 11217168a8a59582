"""Where the operator is connected from, as the host sees it."""

from __future__ import annotations

from roles.core.machine import CONNECTION, Machine

ASK = CONNECTION + "connection | sed -n 's/^/told client /p' | head -n 1 | cut -d' ' -f -3"


def address(machine: Machine) -> str:
    """The address of this run's SSH connection; empty where there is none."""
    return next((said[0] for said in machine.tells("client") if said), "")
