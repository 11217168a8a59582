"""Whether the repositories are made, for this system: each run asks it, so it reads little."""

from __future__ import annotations

import json
from typing import Any

from .configuration import STATE, Configuration
from .server import identity

PREPARED = STATE / "repositories.json"
"""What `database.prepare` has found and made."""


def is_prepared(configuration: Configuration) -> bool:
    """Whether `prepare` has done its work for this system and these repositories."""
    try:
        found = json.loads(PREPARED.read_text())
    except (OSError, ValueError):
        return False
    return bool(found == wanted(configuration, found.get("state")))


def is_foreign() -> bool:
    """Whether a repository was found to have the backups of another system."""
    return PREPARED.exists() and json.loads(PREPARED.read_text()).get("state") == "foreign"


def wanted(configuration: Configuration, state: str) -> dict[str, Any]:
    """What PREPARED says when all is made."""
    system = identity(configuration.cluster) if configuration.has_database else ""
    places: list[Any] = [[each.number, each.restic] for each in configuration.repositories]
    if configuration.mirror:
        places.append([configuration.mirror.host, configuration.mirror.path])
    return {"state": state, "system": system, "places": places}
