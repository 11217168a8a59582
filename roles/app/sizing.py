"""How many processes an application has on a machine, and what each of them may use."""

from __future__ import annotations

from roles.core.errors import OperatorError
from roles.core.machine import Machine

from .processes import Process
from .settings import App

DEFAULT_CEILING_MB = 1024
HEAP_SHARE = 0.75


def instances(settings: App, machine: Machine, kind: str, workers: int = 0) -> int:
    """Web processes on `machine`.

    Python 2 x cores + 1 (Gunicorn's rule), anything else one a core, but no more than
    database_pool has connections for, beside `workers` background processes.
    Raises OperatorError when a number was set that the connections do not reach for, or that is
    above the cores for Node.js, where more processes only take turns.
    """
    most = max(settings.database_pool - workers, 1)
    if settings.web.instances is None:
        return min(2 * machine.cores + 1 if kind == "python" else machine.cores, most)
    if kind == "node" and settings.web.instances > machine.cores:
        raise OperatorError(
            f"app.web.instances is {settings.web.instances}, but this host has {machine.cores}"
            " cores: Node.js gains nothing from more processes than cores. Leave it out"
        )
    if settings.web.instances > most:
        raise OperatorError(
            f"app.web.instances is {settings.web.instances} beside {workers} workers, but"
            f" app.database_pool has {settings.database_pool} connections, one for each at least"
        )
    return settings.web.instances


def claimed_mb(settings: App, machine: Machine) -> int:
    """Memory that all processes together may use (MiB): the ceiling of their slice."""
    return machine.memory_mb * settings.memory_share // 100


def ceiling_mb(process: Process, settings: App, machine: Machine) -> int:
    """Memory at which one instance is killed and started again (MiB).

    Raises OperatorError for one above what the whole application has.
    """
    claimed = claimed_mb(settings, machine)
    if process.memory_max is None:
        return min(DEFAULT_CEILING_MB, claimed)
    if process.memory_max > claimed:
        raise OperatorError(
            f"app: a memory_max of {process.memory_max} MiB is above the {claimed} MiB that"
            f" app.memory_share ({settings.memory_share} %) leaves the application on this host"
        )
    return process.memory_max


def heap_mb(process: Process, ceiling: int) -> int:
    """Node.js heap (MiB) under a memory ceiling (MiB). Raises OperatorError for one above it."""
    if process.heap is None:
        return int(ceiling * HEAP_SHARE)
    if process.heap >= ceiling:
        raise OperatorError(
            f"app: a heap of {process.heap} MiB does not fit a memory_max of {ceiling} MiB"
        )
    return process.heap


def pool_size(settings: App, processes: int) -> int:
    """Database connections of one process, when `processes` share the host's pool equally.

    Raises OperatorError when there is less than one for each.
    """
    if processes > settings.database_pool:
        raise OperatorError(
            f"app: {processes} processes share {settings.database_pool} database connections"
            " (app.database_pool); each needs one"
        )
    return settings.database_pool // processes
