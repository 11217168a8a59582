"""What an application has on its host whatever its release is: accounts, slices, the program that
releases it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from roles.core.entries import Directory, Entry, File
from roles.core.machine import Machine
from roles.core.programs import program_files
from roles.core.templates import render

from .host.layout import Layout
from .host.user import SLICE
from .settings import App

PROGRAM = "/usr/local/lib/readyhost/release"
SOURCES = Path(__file__).with_name("host")
WEIGHT = 2  # of the CPU's time for a percent; systemd's usual 100 for each of two that are equal


def installed(settings: App, machine: Machine) -> list[Entry]:
    """Its own files of that kind."""
    name = settings.name
    memory_mb = machine.memory_mb * settings.memory_share_percent // 100

    known: dict[str, Any] = {
        "app": name,
        "memory_mb": memory_mb,
        "hang": settings.health.hang_seconds,
    }
    known["live"] = str(Layout(name).live)
    known["weight"] = 0 if settings.alone else settings.share * WEIGHT
    known["months"] = settings.run.record_months

    def file(path: str, template: str, mode: int = 0o644) -> File:
        return render("app", path, template=f"app{template}.j2", mode=mode, **known)

    units = "/etc/systemd/system"
    watchdog = file(f"{units}/{name}-watchdog.service", f"{units}/app-watchdog.service")
    return [
        watchdog,
        # No process of an application has an underscore in its name, so none has a unit called so.
        *(
            file(f"{units}/{name}_verify.{kind}", f"{units}/app_verify.{kind}")
            for kind in ("service", "timer")
        ),
        file(f"{units}/{name}_live.service", f"{units}/app_live.service"),
        accounts(name),
        file(f"/etc/tmpfiles.d/{name}.conf", "/etc/tmpfiles.d/app.conf"),
        file(f"/etc/systemd/system/{name}.target", "/etc/systemd/system/app.target"),
        file(f"/etc/systemd/system/{name}.slice", "/etc/systemd/system/app.slice"),
        *([build_slice(name)] if settings.alone else []),
        file(f"/etc/logrotate.d/{name}-commands", "/etc/logrotate.d/app-commands"),
        file(f"/usr/local/sbin/{name}-release", "/usr/local/sbin/app-release", 0o755),
        file(f"/usr/local/sbin/{name}-command", "/usr/local/sbin/app-command", 0o755),
    ]


def accounts(name: str) -> File:
    """Its users, as systemd-sysusers makes them."""
    path = f"/etc/sysusers.d/{name}.conf"
    return render("app", path, template="app/etc/sysusers.d/app.conf.j2", app=name)


def build_slice(whose: str) -> File:
    """What builds have of the host together."""
    return render("app", f"/etc/systemd/system/{SLICE}", app=whose)


def of_all(settings: App) -> frozenset[str]:
    """Paths that are for all applications of a host, where this is one of several; it may have had
    them for itself before."""
    if settings.alone:
        return frozenset()
    return frozenset(entry.path for entry in (*program(), build_slice(settings.name)))


def program() -> list[Entry]:
    """The program that releases applications, which is told whose release it is."""
    modules = program_files(SOURCES, PROGRAM, "*.py", "*.json")
    folders = (Directory("/usr/local/lib/readyhost"), Directory(PROGRAM))
    return [*folders, Directory(f"{PROGRAM}/operate"), *modules]
