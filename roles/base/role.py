"""What base does to a host, in order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pyinfra import host

from roles.core.fileset import sync
from roles.core.guard import confirm, guarded
from roles.core.machine import Machine
from roles.core.services import Service, converge
from roles.core.shell import run
from roles.core.undo import Guard

from . import accounts, live, swap, tuning
from .files import TIME_SOURCES, entries
from .packages import SCRIPT, install, installed
from .packages import packages as own_packages
from .settings import Base


def base(
    settings: Base,
    machine: Machine,
    packages: Iterable[str],
    held: Sequence[str] = (),
    *,
    confirm_within: int,
) -> None:
    """Packages of all roles, and the host itself: accounts, time, locale, upgrades, limits.

    packages: Debian packages that the other roles need.
    held: units that those roles start themselves, once their configuration is in place; nothing
    listens with a distribution's defaults, and nothing starts twice.
    confirm_within: seconds until the host undoes a change of who may log in that nobody confirmed.
    """
    files = entries(settings, machine)
    wanted = [*own_packages(settings, machine), *packages]
    for line in skipped(settings, machine):
        host.log(line)

    before = guard(confirm_within)
    guarded(
        name="Base | administrators",
        guard=before,
        step=run,
        unless=accounts.as_wanted(settings),
        commands=accounts.commands(settings),
    )
    # Before the packages: a database cluster is made in the locale and time zone it finds.
    guarded(
        name="Base | configuration",
        guard=before,
        step=sync,
        role="base",
        entries=files,
        checks=["! command -v visudo || visudo -cq"],
        commands=["systemctl daemon-reexec"],
    )
    confirm(name="Base | confirmed over a new connection", guard=before)
    if not settings.locale.startswith("C."):
        run(
            name="Base | locale",
            unless=f"locale -a | grep -qix {settings.locale.replace('UTF-8', 'utf8')}",
            commands=[install(settings, ["locales"]), "locale-gen"],
            stdin=SCRIPT.read_text(),
        )
    run(
        name="Base | packages",
        unless=installed(wanted),
        commands=[install(settings, wanted, held)],
        stdin=SCRIPT.read_text(),
    )
    run(
        name="Base | kernel settings, upgrades and name",
        unless=live.as_wanted(settings, files),
        commands=live.commands(settings, files),
    )
    if not machine.container:
        size = tuning.swap_mb(settings, machine)
        run(name="Base | swap", unless=swap.as_wanted(size), commands=swap.commands(size))
        sources = [entry for entry in files if entry.path == TIME_SOURCES]
        converge(name="Base | clock", services=[clock(sources)])


def guard(seconds: int) -> Guard:
    """How the administrators that there were get back in."""
    return Guard(
        name="base",
        paths=("/etc/sudoers.d/readyhost",),
        role="base",
        remember=accounts.REMEMBER,
        undo=accounts.PUT_BACK,
        seconds=seconds,
    )


def clock(sources: Sequence) -> Service:
    """chrony, with our time sources; it answers when its own client gets an answer."""
    return Service(
        unit="chrony",
        configuration=sources,
        reload="chronyc -n reload sources",
        probe="chronyc -n tracking",
    )


def skipped(settings: Base, machine: Machine) -> list[str]:
    """What this host does not allow, one line each, for the operator."""
    if not machine.container:
        return []
    size = tuning.swap_mb(settings, machine)
    return [
        "Base | skipped in a container: the clock, set by the machine that runs it",
        "Base | skipped in a container: vm.*, kernel.* and fs.* settings, that machine's to set",
        *([f"Base | skipped in a container: a swap file of {size} MiB"] if size else []),
    ]
