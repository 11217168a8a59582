"""What the role does to a host, in order."""

from __future__ import annotations

from roles.core.fileset import sync
from roles.core.machine import Machine
from roles.core.services import Service, converge
from roles.core.shell import run

from . import live
from .files import AUDIT, audited, entries, logins
from .settings import Hardening

LOGIN = "/etc/login.defs"


def hardening(settings: Hardening, machine: Machine) -> None:
    """Turn off what the host doesn't need."""
    files = entries(settings, machine)
    services = []
    if audited(settings, machine):
        rules = [entry for entry in files if entry.path == AUDIT]
        services.append(
            Service(
                unit="auditd",
                configuration=rules,
                reload="augenrules --load",
                probe="auditctl -l | grep -q sshd_config",
            )
        )
    sync(
        name="Hardening | configuration",
        role="hardening",
        entries=files,
        services=services,
        commands=["systemctl daemon-reexec"],
    )
    passwords = logins(settings)
    run(
        name="Hardening | passwords",
        unless=" && ".join(f"grep -qx '{line}' {LOGIN}" for line in passwords),
        commands=[
            command
            for line in passwords
            for command in (
                rf"sed -i -E '/^#?\s*{line.split()[0]}\b/d' {LOGIN}",
                f"echo '{line}' >>{LOGIN}",
            )
        ],
    )
    run(
        name="Hardening | kernel settings",
        unless=live.as_wanted(files),
        commands=[live.APPLY],
    )
    if services:
        converge(name="Hardening | audit trail", services=services)
