"""What the role makes of a host."""

from __future__ import annotations

from collections.abc import Iterable

from roles.core.entries import Entry
from roles.core.fileset import Files
from roles.core.machine import Machine
from roles.core.service import Service
from roles.core.services import Services
from roles.core.shell import Commands
from roles.core.step import Confirm, Guarded, Part
from roles.core.undo import Guard

from . import access
from .files import (
    CONFIGURATION,
    MAIN,
    SEPARATION,
    SSHD,
    TAKEN,
    UNIT,
    checks,
    entries,
    included,
    missing,
    packages,
)
from .keys import ED25519, MAKE, MIN_RSA_BITS, rsa_bits
from .settings import Sshd

# A unit with which it did not start has been tried too often.
AGAIN = "systemctl daemon-reload; systemctl reset-failed ssh 2>/dev/null"

ANOTHER = (
    f"{SEPARATION}; systemd-run --quiet --collect --unit=readyhost-sshd"
    f" {SSHD} -D -f /dev/null -p $port -o UsePAM=yes"
    " -o AuthenticationMethods=publickey -o 'Subsystem=sftp internal-sftp'"
)
"""A server beside the one that is broken or elsewhere, at the operator's port, until a reboot."""


def part(
    settings: Sshd,
    machine: Machine,
    *,
    user: str,
    admins: Iterable[str] = (),
    confirm_within: int,
) -> Part:
    """Let those in who may log in, by key, and prove that the operator is among them.

    user: the account that this run is connected as.
    admins: further accounts of the host that may log in.
    confirm_within: seconds until the host undoes a change that nobody confirmed.
    """
    bits = rsa_bits(machine)
    short = f"SSH | the host's RSA key has {bits} bits and is no longer shown to clients"
    files = entries(settings, machine, user=user, rsa=bits >= MIN_RSA_BITS)
    service = sshd(files)
    members = {user, *admins, *settings.users}
    before = guard(confirm_within)

    key = Commands("SSH | host key", unless=f"[ -s {ED25519} ]", commands=[MAKE])
    accounts = Commands(
        name="SSH | accounts that may log in",
        unless=access.as_wanted(members),
        commands=access.commands(members),
    )
    configuration = Files(
        name="SSH | configuration",
        role="ssh",
        entries=files,
        checks=checks(files),
        services=[service],
        commands=["systemctl daemon-reload"],
    )
    return Part(
        "ssh",
        (
            key,
            Guarded(accounts, before),
            Guarded(configuration, before),
            Guarded(Services("SSH | running", [service]), before),
            Confirm("SSH | confirmed over a new connection", before),
        ),
        packages=tuple(packages(settings, machine)),
        notes=(short,) if bits < MIN_RSA_BITS else (),
    )


def sshd(files: list[Entry]) -> Service:
    """The server; sessions that are open stay open when it reads its configuration again, and when
    it is started again."""
    return Service(
        unit="ssh",
        configuration=files,
        restart_paths=(UNIT,),
        reload=f"{included(files)}"
        " && { systemctl stop readyhost-sshd 2>/dev/null; systemctl reload ssh; }",
        probe="systemctl is-active -q ssh",
        starts=TAKEN,
        unlike=missing(files),
    )


def guard(seconds: int) -> Guard:
    """How the host gets back to the SSH server that it had."""
    return Guard(
        name="ssh",
        paths=(CONFIGURATION, MAIN, UNIT),
        role="ssh",
        stamps=("ssh",),
        remember=(access.REMEMBER,),
        # Of a server with a broken configuration a restart would leave nothing.
        undo=(access.PUT_BACK, f"{AGAIN}; {TAKEN} && systemctl restart ssh"),
        further=(f"{TAKEN} && systemctl restart ssh", ANOTHER),
        seconds=seconds,
    )
