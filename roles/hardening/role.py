"""What the role makes of a host."""

from __future__ import annotations

from roles.core.fileset import Files
from roles.core.machine import Machine
from roles.core.service import Service
from roles.core.services import Services
from roles.core.shell import Commands
from roles.core.step import Part

from . import live_values
from .files import AUDIT, audited, entries, logins, packages
from .settings import Hardening

LOGIN = "/etc/login.defs"


def part(settings: Hardening, machine: Machine) -> Part:
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
    configuration = Files(
        name="Hardening | configuration",
        role="hardening",
        entries=files,
        services=services,
        commands=["systemctl daemon-reexec"],
    )
    lines = logins(settings)
    passwords = Commands(
        name="Hardening | passwords",
        unless=" && ".join(f"grep -qx '{line}' {LOGIN}" for line in lines),
        commands=[
            command
            for line in lines
            for command in (
                rf"sed -i -E '/^#?\s*{line.split()[0]}\b/d' {LOGIN}",
                f"echo '{line}' >>{LOGIN}",
            )
        ],
    )
    kernel = Commands(
        name="Hardening | kernel settings",
        unless=live_values.as_wanted(files),
        commands=[live_values.APPLY],
    )
    trail = [Services("Hardening | audit trail", services)] if services else []
    return Part(
        "hardening",
        (configuration, passwords, kernel, *trail),
        packages=tuple(packages(settings, machine)),
    )
