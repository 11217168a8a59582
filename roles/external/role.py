"""What the role makes of a host: the authorities of services that are elsewhere."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roles.core.fileset import Files
from roles.core.step import Part

from . import authorities as files

if TYPE_CHECKING:
    from settings import Settings

ROLE = "external"
CLIENTS = {"database": "postgresql-client", "redis": "redis-tools"}
"""Packages with which an operator gets to what is elsewhere (readyhost ENV psql, redis-cli)."""


def part(settings: Settings, *, had: bool) -> Part:
    """Files and clients. had: whether the host has files of an earlier run."""
    entries = files.entries(settings)
    wanted = {
        package
        for view in settings.applications
        for what, package in CLIENTS.items()
        if what in files.sources(view)
    }
    configuration = Files("External | authorities", ROLE, entries)
    return Part(ROLE, (configuration,) if entries or had else (), packages=tuple(sorted(wanted)))
