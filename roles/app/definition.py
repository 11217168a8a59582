"""The definition of a release: what the program on the host makes live, and knows it again by."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from roles.core.entries import Entry, File, digest
from roles.core.machine import Machine

from . import egress, http, mounts, units
from .builds import build
from .host import built
from .host.layout import Layout
from .process_layout import ProcessLayout
from .releases import Release
from .settings import App
from .told import told


def definition(
    settings: App,
    machine: Machine,
    release: Release,
    process_layout: ProcessLayout,
    started_with: list[File],
    *,
    domain: str,
) -> dict[str, Any]:
    """What is written to release.json. started_with: the files that its processes are started
    with; domain: Host header of what its processes are asked."""
    made, hooks = build(settings, process_layout.kind, release, machine), told(settings.hooks)
    how = built.inputs(made, hooks)
    same = (
        f"{built.identity_of(how)} {digest(started_with)} {settings.static}{mounts.same(settings)}"
    )
    known = f"{release.tag} {release.commit} {same}"
    return {
        "tag": release.tag,
        "commit": release.commit,
        "identity": hashlib.sha256(known.encode()).hexdigest(),
        "made": how,
        "listen": process_layout.listen,
        **({"http": _http(settings, process_layout, domain)} if process_layout.http else {}),
        "processes": units.web_and_workers(process_layout),
        "timers": [Layout(settings.name).timer_unit(job.name) for job in process_layout.jobs],
        "health": {**told(settings.health), "host": domain},
        "static": settings.static or "",
        **({"mounts": mounts.defined(settings)} if settings.mounts else {}),
        "watch": told(settings.watch),
        "hooks": {
            **hooks,
            "address_deny": egress.rules(None, settings.denied_networks)[1],
            **({} if settings.alone else {"among": True}),
        },
        "build": made,
        "drain": settings.drain_seconds,
        "warm": settings.warm_seconds,
        "keep": settings.keep_releases,
        "release_steps": len(process_layout.release_steps),
    }


def identity(files: list[Entry]) -> tuple[str, str, str]:
    """What tells two configurations of a release apart, what it is built from (JSON), and why
    without a lock file, from all its entries."""
    for entry in files:
        if isinstance(entry, File) and entry.path.endswith("/next/release.json"):
            values = json.loads(entry.data)
            why = str(values["build"]["unlocked"])
            return str(values["identity"]), json.dumps(values["made"]), why
    raise ValueError("there is no release definition among the entries")


def _http(settings: App, process_layout: ProcessLayout, domain: str) -> dict[str, dict[str, Any]]:
    root = http.root(settings)
    return {
        each.name: {
            "listen": each.listen,
            "root": each.name == root,
            "health": http.health(settings, each.name, domain),
        }
        for each in process_layout.http
    }
