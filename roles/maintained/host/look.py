"""The whole look. One part that cannot be looked at is said, and the others go on."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from datetime import date
from functools import partial

from . import certbot, debian, ends, node_audit, python_audit, release, running, runtimes
from .configuration import Configuration
from .findings import NOTE, UNKNOWN, WARNING, CouldNotLook, Finding, note, unknown

Part = Callable[[], list[Finding]]
_ORDER = (WARNING, UNKNOWN, NOTE)


def look(configuration: Configuration, today: date) -> list[Finding]:
    """All that is found, the worst first."""
    parts: list[tuple[str, Part]] = [
        ("runtime", lambda: _runtimes(configuration, today)),
        ("package", lambda: debian.look(configuration.lists_days)),
        ("reboot", running.reboot),
        ("library", running.replaced),
    ]
    if configuration.audit:
        parts += _audits(configuration)
    found = [each for about, part in parts for each in _tried(about, part)]
    if not configuration.audit:
        found.append(note("hole", "nobody looks for known holes: maintained.audit is off"))
    return sorted(found, key=lambda each: _ORDER.index(each.level))


def _tried(about: str, part: Part) -> list[Finding]:
    try:
        return part()
    except (CouldNotLook, OSError, ValueError, KeyError, subprocess.SubprocessError) as error:
        return [unknown(about, str(error) or repr(error))]


def last_days(configuration: Configuration) -> dict[str, str]:
    """By what runs here and is no package of the distribution, whose own end counts for those: the
    day on which it gets no more fixes, as far as the table knows it. It
    is for monitoring, which judges by itself."""
    try:
        known = ends.read().ends
        names = [f"{r.name} {r.line}" for r in _runs(configuration) if not r.packaged]
    except (CouldNotLook, OSError, ValueError, KeyError, subprocess.SubprocessError):
        return {}
    return {name: known[name].isoformat() for name in names if name in known}


def _runs(configuration: Configuration) -> list[ends.Runs]:
    lives = [release.live(app) for app in configuration.apps]
    nodes = dict.fromkeys(live.node if live else "" for live in lives)
    own = dict.fromkeys(live.python for live in lives if live and live.python)
    found = [run for node in nodes for run in runtimes.look(node)]
    return list(dict.fromkeys([*found, *map(runtimes.own_python, own)]))


def _runtimes(configuration: Configuration, today: date) -> list[Finding]:
    table = ends.read()
    judged = ends.judge(_runs(configuration), table, today, configuration.warn_days)
    return [*judged, *ends.age(table, today, configuration.table_days)]


def _audits(configuration: Configuration) -> list[tuple[str, Part]]:
    parts: list[tuple[str, Part]] = [
        ("hole", partial(_release, configuration, app)) for app in configuration.apps
    ]
    if configuration.certbot:
        parts.append(("certbot", lambda: certbot.look(configuration)))
        parts.append(("hole", lambda: certbot.holes(configuration)))
    return [*parts, ("runtime", lambda: _newest(configuration))]


def _newest(configuration: Configuration) -> list[Finding]:
    lives = [release.live(app) for app in configuration.apps]
    nodes = dict.fromkeys(live.node for live in lives if live and live.node)
    return [found for node in nodes for found in node_audit.newest(configuration, node)]


def _release(configuration: Configuration, app: str) -> list[Finding]:
    """Known holes in the packages of the live release, of both languages."""
    live = release.live(app)
    if live is None:
        return [note("hole", f"no release of {app} is live")]
    whose = f"{app} {live.folder.name}"
    if live.kind == "static":
        return [note("hole", f"{whose}: it is only files, and runs no package")]
    places = live.places or (live.folder,)
    pins = sorted({pin for place in places for pin in release.python(place)})
    locked = [files for place in places if (files := release.node(place))]
    others = [other for place in places if (other := release.unread(place))]
    found: list[Finding] = []
    if pins:
        found += _tried("hole", lambda: python_audit.look(configuration, whose, pins))
    path = str(release.RUNTIMES / live.node / "bin") if live.node else ""
    for files in locked:
        found += _tried("hole", partial(node_audit.look, configuration, whose, files, path))
    if others and not locked:
        text = f"{whose}: npm audits package-lock.json, and reads no {others[0]}"
        found.append(unknown("hole", text))
    elif not pins and not locked:
        found.append(unknown("hole", f"{whose}: it has no .venv and no package-lock.json"))
    return found
