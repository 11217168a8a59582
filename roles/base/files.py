"""Every file that base writes."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from roles.core import host
from roles.core.entries import Directory, Entry, File, Link
from roles.core.machine import Machine
from roles.core.programs import program_files
from roles.core.templates import render

from . import tuning
from .settings import Base

SOURCES = Path(host.__file__).parent
PROGRAMS = "/usr/local/lib/readyhost/roles/core/host"
SYSCTL = "/etc/sysctl.d/60-readyhost.conf"
SYSCTL_MACHINE = "/etc/sysctl.d/60-readyhost-machine.conf"
TIME_SOURCES = "/etc/chrony/sources.d/readyhost.sources"
SWAP_UNIT = "/etc/systemd/system/swapfile.swap"
LOCALE_MOVED_IN = 255  # systemd's version
SWAP_AT_BOOT = "/etc/systemd/system/swap.target.wants/swapfile.swap"


def programs() -> list[Entry]:
    """What the programs of all roles on the host share."""
    folder = "/usr/local/lib/readyhost"
    parents = [f"{folder}/roles", f"{folder}/roles/core", PROGRAMS]
    return [*map(Directory, [folder, *parents]), *program_files(SOURCES, PROGRAMS)]


def zone(settings: Base) -> Link:
    """The host's time zone. A service that has it in its configuration follows a change of it: most
    programs read it once, when they start."""
    return Link("/etc/localtime", f"/usr/share/zoneinfo/{settings.timezone}")


def entries(settings: Base, machine: Machine) -> list[Entry]:
    """Base's files for `machine`; a container gets none that its kernel's owner decides on."""
    write = partial(render, "base", settings=settings, machine=machine)
    backlog = tuning.listen_backlog(settings)
    found: list[Entry] = [
        write("/etc/apt/apt.conf.d/52readyhost"),
        write("/etc/needrestart/conf.d/readyhost.conf"),
        *_locale(settings, machine),
        File("/etc/timezone", f"{settings.timezone}\n"),
        zone(settings),
        write(SYSCTL, backlog=backlog),
        write(
            "/etc/systemd/system.conf.d/readyhost.conf",
            open_files=tuning.open_files(settings, machine),
        ),
    ]
    if settings.hostname:
        found.append(File("/etc/hostname", f"{settings.hostname}\n"))
    if not machine.container:
        found.append(write(SYSCTL_MACHINE, backlog=backlog))
        found.append(write(TIME_SOURCES))
        if swap_mb := tuning.swap_mb(settings, machine):
            found.append(write(SWAP_UNIT, swap_mb=swap_mb))
            found.append(Link(SWAP_AT_BOOT, SWAP_UNIT))
    return found + _access(settings)


def _locale(settings: Base, machine: Machine) -> list[Entry]:
    """Where a login and systemd find the locale; newer releases moved it and left a link."""
    render_as = partial(render, "base", template="base/etc/default/locale.j2", settings=settings)
    if machine.versions.systemd < LOCALE_MOVED_IN:
        found: list[Entry] = [render_as("/etc/default/locale")]
    else:
        found = [render_as("/etc/locale.conf"), Link("/etc/default/locale", "../locale.conf")]
    if not settings.locale.startswith("C."):
        found.append(File("/etc/locale.gen", f"{settings.locale} UTF-8\n"))
    return found


def _access(settings: Base) -> list[Entry]:
    """Who may log in and become root."""
    if not settings.admins:
        return []
    found: list[Entry] = [render("base", "/etc/sudoers.d/readyhost", mode=0o440, settings=settings)]
    for name, keys in settings.admins.items():
        path, content = f"/home/{name}/.ssh", "".join(f"{key}\n" for key in keys)
        found.append(Directory(path, mode=0o700, owner=name, group=name))
        found.append(File(f"{path}/authorized_keys", content, 0o600, owner=name, group=name))
    return found
