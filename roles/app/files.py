"""Every file of the role: the application's accounts and folders, the program that releases it,
and the definition of the wanted release."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from roles.core.entries import Directory, Entry, File

from . import units, variable_files
from .definition import definition
from .host.layout import SLOTS, Layout
from .installed import installed, program
from .names import Value
from .placed import Placed
from .settings import App


def entries(
    placed: Placed,
    *,
    environment: str,
    values: Mapping[str, Value],
) -> list[Entry]:
    """All files. environment: `production`, `staging`, …; values: those of `names.KEYS` that
    others know: the site's domain (the Host header of health checks), database and Redis.

    Raises OperatorError for a release that cannot run on `machine`.
    """
    settings, machine, release = placed.settings, placed.machine, placed.release
    process_layout = placed.layout
    layout = Layout(settings.name)
    known = {**values, **variable_files.own_values(settings, release, environment)}
    env = variable_files.of_processes(settings, release, process_layout, known)
    slots = units.units(settings, machine, process_layout)
    started_with = [env, *slots]
    wanted = definition(
        settings, machine, release, process_layout, started_with, domain=str(known["domain"])
    )
    return [
        *installed(settings, machine),
        *(program() if settings.alone else ()),
        Directory(str(layout.etc), 0o700),
        Directory(str(layout.next), 0o700),
        Directory(f"{layout.next}/units", 0o700),
        *(Directory(f"{layout.next}/units/{slot}", 0o700) for slot in SLOTS),
        env,
        variable_files.of_release_steps(settings, known),
        variable_files.of_operators(settings, known),
        *slots,
        File(f"{layout.next}/release.json", json.dumps(wanted, indent=1) + "\n", mode=0o600),
        *([] if settings.alone else [_kept(settings, layout, known)]),
    ]


def _kept(settings: App, layout: Layout, known: Mapping[str, Value]) -> File:
    """What somebody has to know who removes its data, when it is in no settings any more."""
    local = settings.database == "local"
    kept: dict[str, Any] = {"database": known["database.name"] if local else ""}
    kept |= {} if settings.cache == "local" else {"redis": False}
    return File(str(layout.kept), json.dumps(kept) + "\n", 0o600)
