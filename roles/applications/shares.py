"""What each of several applications gets of what they have together. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from .settings import Application

WHOLE = 100  # percent
MEMORY = 50  # percent of the RAM, as `[app]` has by default: for all of them together
RELEASES = 2  # that hold connections side by side during a switch


def shares(applications: Mapping[str, Application]) -> dict[str, int]:
    """Percent by application: what is set, and equal parts of the rest for the others."""
    chosen = {
        name: each.share_percent
        for name, each in applications.items()
        if each.share_percent is not None
    }
    others = len(applications) - len(chosen)
    rest = max(WHOLE - sum(chosen.values()), 0) // others if others else 0
    return {name: chosen.get(name, rest) for name in applications}


def memory_share(application: Application, share: int) -> int:
    """Part of the RAM, percent: its own where that is set."""
    own = "memory_share_percent" in application.model_fields_set
    return application.memory_share_percent if own else MEMORY * share // WHOLE


def pool_size(share: int, together: int) -> int:
    """Server connections of PgBouncer's for its database, of those that are for all."""
    return together * share // WHOLE


def database_pool(application: Application, pool: int) -> int:
    """Connections that its processes hold: its own where that is set, and no more than its `pool`
    has for two releases."""
    own = "database_pool" in application.model_fields_set
    usual = application.database_pool
    return usual if own else min(usual, pool // RELEASES)
