"""How monitoring becomes another one's, or ends: what it no longer needs is gone."""

from __future__ import annotations

import shlex

from roles.core.shell import Commands
from roles.postgres.session import psql

from . import names
from .exporters import EXPORTERS
from .files import TIMER, Around

ALL_UNITS = ("prometheus", *(each.unit for each in EXPORTERS))


def begins(*, remote: bool) -> Commands:
    """On a host that kept its own numbers and no longer does, its Prometheus ends; one that a team
    has there otherwise is none of ours."""
    made = f"mkdir -p -m 700 {names.STATE}"
    if remote:
        ours = f"if [ -e {names.STATE} ]; then {ended('prometheus')}; fi"
        return Commands(
            "Monitoring | begins, for a Prometheus elsewhere",
            f"[ -e {names.REMOTE} ]",
            [ours, made, f"touch {names.REMOTE}"],
        )
    return Commands(
        "Monitoring | begins",
        f"[ -e {names.STATE} ] && [ ! -e {names.REMOTE} ]",
        [made, f"rm -f {names.REMOTE}"],
    )


def ended(*units: str) -> str:
    """Shell that stops units. Those of packages that were never wanted here are not there."""
    return (
        f"for unit in {' '.join(units)}; do if [ -e /lib/systemd/system/$unit.service ]; then"
        " systemctl disable -q --now $unit.service; fi; done"
    )


def off(around: Around) -> Commands:
    """On a host that had it: services and the role are gone. What was measured stays."""
    role, port = names.DATABASE_ROLE, around.postgres_port
    drops = []
    there = f"SELECT 1 FROM pg_roles WHERE rolname = '{role}'"  # noqa: S608 - a name of ours
    drop = f'DROP OWNED BY "{role}"; DROP ROLE "{role}"'
    if port:
        drops = [
            f"if {psql(port)} -c {shlex.quote(there)} | grep -qx 1; then"
            f" {psql(port)} -c {shlex.quote(drop)}; fi"
        ]
    return Commands(
        "Monitoring | nothing is left of it",
        unless=f"[ ! -e {names.STATE} ]",
        commands=[
            f"systemctl disable -q --now {TIMER}",
            f"if [ -e {names.REMOTE} ]; then {ended(*ALL_UNITS[1:])}; else {ended(*ALL_UNITS)}; fi",
            *drops,
            f"rm -rf {names.FACTS} {names.STATE}",
        ],
    )
