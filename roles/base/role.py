"""What base makes of a host."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from roles.core.fileset import Files
from roles.core.machine import Machine
from roles.core.service import Service
from roles.core.services import Services
from roles.core.shell import Commands
from roles.core.step import Confirm, Guarded, Part, Step
from roles.core.undo import Guard

from . import accounts, live_values, swap, tuning
from .boot import AtBoot
from .files import TIME_SOURCES, entries, programs
from .packages import SCRIPT, install, installed
from .packages import packages as own_packages
from .settings import Base


def part(
    settings: Base,
    machine: Machine,
    packages: Iterable[str],
    held: Sequence[str] = (),
    *,
    confirm_within: int,
) -> Part:
    """Packages of all roles, and the host itself: accounts, time, locale, upgrades, limits.

    packages: Debian packages that the other roles need.
    held: units that those roles start themselves, once their configuration is in place; nothing
    listens with a distribution's defaults, and nothing starts twice.
    confirm_within: seconds until the host undoes a change of who may log in that nobody confirmed.
    """
    files = entries(settings, machine)
    wanted = [*own_packages(settings, machine), *packages]
    before = guard(confirm_within)
    administrators = Commands(
        name="Base | administrators",
        unless=accounts.as_wanted(settings),
        commands=accounts.commands(settings),
    )
    # Before the packages: a database cluster is made in the locale and time zone it finds.
    configuration = Files(
        name="Base | configuration",
        role="base",
        entries=files,
        checks=["! command -v visudo || visudo -cq"],
        commands=["systemctl daemon-reexec"],
    )
    steps: list[Step] = [
        Files("Base | what programs on the host share", role="programs", entries=programs()),
        Guarded(administrators, before),
        Guarded(configuration, before),
        Confirm("Base | confirmed over a new connection", before),
    ]
    if not settings.locale.startswith("C."):
        there = f"locale -a | grep -qix {settings.locale.replace('UTF-8', 'utf8')}"
        make = [install(settings, ["locales"]), "locale-gen"]
        steps.append(Commands("Base | locale", there, make, stdin=SCRIPT.read_text()))
    steps += [
        Commands(
            name="Base | packages",
            unless=installed(wanted),
            commands=[install(settings, wanted, held)],
            stdin=SCRIPT.read_text(),
        ),
        Commands(
            name="Base | kernel settings, upgrades and name",
            unless=live_values.as_wanted(settings, files),
            commands=live_values.commands(settings, files),
        ),
        AtBoot("Base | kernel settings at boot"),
    ]
    if not machine.container:
        size = tuning.swap_mb(settings, machine)
        sources = [entry for entry in files if entry.path == TIME_SOURCES]
        steps += [
            Commands("Base | swap", unless=swap.as_wanted(size), commands=swap.commands(size)),
            Services("Base | clock", [clock(sources)]),
        ]
    return Part("base", tuple(steps), notes=tuple(skipped(settings, machine)))


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
