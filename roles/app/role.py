"""The application on a host: its accounts, folders and definition, then its release live."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from roles.core.fileset import Files
from roles.core.step import Part
from roles.core.who import operator

from . import credentials, definition, files, installed, parts, preflight, procfile, runtimes
from .deploy import Live
from .facts import packages
from .host.layout import Layout
from .names import Value
from .placed import Placed
from .purge import purged
from .releases import Release
from .settings import App
from .source import Source, resolve


def release(settings: App) -> Release:
    """The release that the settings ask for, looked up once for all hosts.

    Raises OperatorError for a repository, tag or folder that is not there.
    """
    return parts.released(_source(settings), settings)


def ask(settings: App, tag: str, *, note: bool = True) -> str:
    """Shell for the machine's question: what the role has to know before anything changes. Without
    `note`, for who only looks, nobody's lock is tried."""
    layout, of = Layout(settings.name), _one_of(settings)
    return f"{credentials.ask(settings.name, of)}\n{preflight.ask(layout, tag, lock=note, of=of)}"


def part(
    placed: Placed,
    *,
    environment: str,
    values: Mapping[str, Value],
    is_rollback: bool = False,
) -> Part:
    """The release live. Arguments as for `files.entries`;
    `is_rollback` notes that it is an earlier one.

    Raises OperatorError for a tag that was another commit when it was live on this host, and while
    somebody else is releasing there.
    """
    settings, machine, release = placed.settings, placed.machine, placed.release
    of = _one_of(settings)
    preflight.require(machine, release, of)
    entries = files.entries(placed, environment=environment, values=values)
    watchdog = f"{settings.name}-watchdog.service"
    defined = Files(
        name=f"App | {of}{' | ' if of else ''}definition of the release",
        role=f"app-{settings.name}",
        entries=entries,
        checks=checks(placed),
        commands=[
            f"systemd-sysusers /etc/sysusers.d/{settings.name}.conf",
            f"systemd-tmpfiles --create /etc/tmpfiles.d/{settings.name}.conf",
            "systemctl daemon-reload",
            f"systemctl enable -q --no-reload {watchdog} && systemctl restart {watchdog}",
            f"systemctl enable -q --no-reload {settings.name}_verify.timer",
            f"systemctl start {settings.name}_verify.timer",
        ],
        leave=installed.of_all(settings),
        # A release reads it when it starts. Most are only that, and to read all units takes systemd
        # time in which users wait.
        unread=f"/etc/{settings.name}/next/",
    )
    identity, made, unlocked = definition.identity(entries)
    kind = placed.layout.kind
    live = Live(
        name=f"App | {of}{' ' if of else ''}{release.tag} is live",
        app=settings.name,
        release=release,
        identity=identity,
        made=made,
        by=operator(),
        archive=lambda: _source(settings).archive(),
        unlocked=unlocked,
        taken="" if settings.kind else procfile.beside(release.files, kind),
        is_rollback=is_rollback,
        once=purged(settings, release.tag, str(values["domain"])),
    )
    kinds = {kind, *(parts.kind(settings, release, name) for name in settings.builds)}
    notes = [said for one in sorted(kinds) if (said := runtimes.of(one).notes(settings, machine))]
    return Part(
        f"app-{of}" if of else "app",
        (defined, live),
        packages=tuple(packages(settings, machine, kinds)),
        notes=tuple(f"App | {of}{' | ' if of else ''}{said}" for said in notes),
    )


def _one_of(settings: App) -> str:
    """Its name where it is one of several, empty where it has the host to itself."""
    return "" if settings.alone else settings.name


def checks(placed: Placed) -> list[str]:
    """Shell commands that fail when systemd would not accept the units or a schedule."""
    folder = f"/etc/{placed.settings.name}/next/units"
    verify = f"systemd-analyze verify --man=no {folder}/*/*"
    schedules = [job.job.schedule for job in placed.layout.jobs]
    return [
        # Its exit status forgives what it does not know, and speaks of all other units too.
        f'said=$({verify} 2>&1 | grep -F {folder}); echo "$said"; [ -z "$said" ]',
        *(f"systemd-analyze calendar {shlex.quote(schedule)}" for schedule in schedules),
    ]


def _source(settings: App) -> Source:
    return resolve(settings.repository, settings.tag, settings.directory, settings.signed_by)
