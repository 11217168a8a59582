"""Where PostgreSQL takes files of the team's."""

from __future__ import annotations

from roles.core.machine import Machine
from roles.core.snippet_place import SnippetPlace, only_new, words

from .files import cluster
from .settings import Postgres


def takes(settings: Postgres, machine: Machine) -> tuple[SnippetPlace, ...]:
    """Parameters that readyhost does not set, or the server's budget would be nobody's."""
    here = cluster(settings, machine)
    return (
        SnippetPlace(
            "postgres",
            "postgres",
            f"{here.etc}/conf.d/{{name}}.conf",
            unit=here.unit,
            mode=0o640,
            owner="postgres",
            group="postgres",
            wrong=only_new(f"{here.etc}/conf.d/*.conf", words),
        ),
    )
