"""The application on a host: its accounts, folders and definition, then its release live."""

from __future__ import annotations

import shlex

from pydantic import SecretStr

from roles.core.fileset import sync
from roles.core.machine import Machine

from . import before, files
from .formation import form
from .host.layout import Layout
from .live import live, operator
from .releases import Release
from .settings import App
from .source import Source, resolve


def release(settings: App) -> Release:
    """The release that the settings ask for, looked up once for all hosts.

    Raises OperatorError for a repository, tag or folder that is not there.
    """
    return _source(settings).release


def app(
    settings: App,
    machine: Machine,
    release: Release,
    *,
    domain: str,
    environment: str,
    database_url: SecretStr,
    migration_url: SecretStr,
    redis_url: SecretStr,
    back: bool = False,
) -> None:
    """Bring `release`, the one of these settings, live. Arguments as for `files.entries`; `back`
    notes that it is an earlier one.

    Raises OperatorError for a tag that was another commit when it was live on this host, and while
    somebody else is releasing there.
    """
    source = _source(settings)
    layout = Layout(settings.name)
    before.require(layout, source)
    entries = files.entries(
        settings,
        machine,
        release,
        domain=domain,
        environment=environment,
        database_url=database_url,
        migration_url=migration_url,
        redis_url=redis_url,
    )
    sync(
        name="App | definition of the release",
        role=f"app-{settings.name}",
        entries=entries,
        checks=checks(settings, machine, release),
        commands=[
            f"systemd-sysusers /etc/sysusers.d/{settings.name}.conf",
            f"systemd-tmpfiles --create /etc/tmpfiles.d/{settings.name}.conf",
            "systemctl daemon-reload",
        ],
    )
    live(
        name=f"App | {source.tag} is live",
        app=layout.name,
        source=source,
        identity=files.identity(entries),
        by=operator(),
        back=back,
    )


def checks(settings: App, machine: Machine, release: Release) -> list[str]:
    """Shell commands that fail when systemd would not accept the units or a schedule."""
    folder = f"/etc/{settings.name}/next/units"
    verify = f"systemd-analyze verify --man=no {folder}/*/*"
    schedules = [job.job.schedule for job in form(settings, machine, release).jobs]
    return [
        # Its exit status forgives what it does not know, and speaks of all other units too.
        f'said=$({verify} 2>&1 | grep -F {folder}); echo "$said"; [ -z "$said" ]',
        *(f"systemd-analyze calendar {shlex.quote(schedule)}" for schedule in schedules),
    ]


def _source(settings: App) -> Source:
    return resolve(settings.repository, settings.tag, settings.directory, settings.signed_by)
