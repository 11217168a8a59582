"""What the role does to a host, in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyinfra import host

from roles.core.entries import Entry
from roles.core.fileset import sync
from roles.core.guard import confirm, guarded
from roles.core.machine import Machine
from roles.core.services import Service, converge
from roles.core.shell import run
from roles.core.undo import Guard

from . import access
from .files import CONFIGURATION, checks, entries
from .keys import ED25519, MAKE, MIN_RSA_BITS, RsaBitsFact
from .settings import Sshd


def ssh(
    settings: Sshd,
    machine: Machine,
    *,
    user: str,
    admins: Iterable[str] = (),
    confirm_within: int,
) -> None:
    """Let those in who may log in, by key, and prove that the operator is among them.

    user: the account that this run is connected as.
    admins: further accounts of the host that may log in.
    confirm_within: seconds until the host undoes a change that nobody confirmed.
    """
    bits = host.get_fact(RsaBitsFact)
    if bits < MIN_RSA_BITS:
        host.log(f"SSH | the host's RSA key has {bits} bits and is no longer shown to clients")
    files = entries(settings, machine, user=user, rsa=bits >= MIN_RSA_BITS)
    service = sshd(files)
    members = {user, *admins, *settings.users}
    before = guard(confirm_within)

    run(name="SSH | host key", unless=f"[ -s {ED25519} ]", commands=[MAKE])
    guarded(
        name="SSH | accounts that may log in",
        guard=before,
        step=run,
        unless=access.as_wanted(members),
        commands=access.commands(members),
    )
    guarded(
        name="SSH | configuration",
        guard=before,
        step=sync,
        role="ssh",
        entries=files,
        checks=checks(files),
        services=[service],
    )
    guarded(name="SSH | running", guard=before, step=converge, services=[service])
    confirm(name="SSH | confirmed over a new connection", guard=before)


def sshd(files: Sequence[Entry]) -> Service:
    """The server; sessions that are open stay open when it reads its configuration again."""
    return Service(
        unit="ssh",
        configuration=files,
        reload="systemctl reload ssh",
        probe="systemctl is-active -q ssh",
    )


def guard(seconds: int) -> Guard:
    """How the host gets back to the SSH server that it had."""
    return Guard(
        name="ssh",
        paths=(CONFIGURATION,),
        role="ssh",
        stamps=("ssh",),
        remember=(access.REMEMBER,),
        undo=(access.PUT_BACK, "systemctl reload ssh || systemctl restart ssh"),
        seconds=seconds,
    )
