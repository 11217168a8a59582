"""How many processes an application has on a machine, and what each of them may use."""

from __future__ import annotations

from dataclasses import dataclass

from roles.core.errors import OperatorError
from roles.core.machine import Machine

from . import runtimes
from .processes import Process
from .settings import App

DEFAULT_CEILING_MB = 1024
HEAP_SHARE = 0.75
RUN_MB = 512
UNBOUNDED = 1_000_000  # of connections, where there is no database that they would be of
PORTS = 200  # of one slot


@dataclass(frozen=True)
class Tree:
    """The processes of one instance: itself and the `forks` that it makes."""

    forks: int = 0

    @property
    def working(self) -> int:
        """Those that take work, and hold connections: one that forks only minds its own."""
        return max(self.forks, 1)

    @property
    def all(self) -> int:
        return self.forks + 1


ALONE = Tree()


def instances(
    settings: App,
    machine: Machine,
    kind: str,
    workers: int = 0,
    *,
    tree: Tree = ALONE,
    beside: int | None = None,
) -> int:
    """Web processes on `machine` that are not another's forks; `tree` is that of each.

    As many as its runtime has for the cores that are its share of the host's, forks counted in,
    but no more than database_pool has connections and
    memory_share_percent has memory for, beside `workers` background processes that work, `beside`
    with those that only fork. Raises OperatorError when a number was
    set that one of them does not reach for, or that its runtime refuses.
    """
    chosen = settings.web.instances
    runtime = runtimes.of(kind)
    if chosen is not None:
        runtime.require_processes(chosen, machine)
    pool = settings.database_pool if settings.database != "none" else UNBOUNDED
    most = max((pool - workers) // tree.working, 1)
    if chosen is not None and chosen > most:
        raise OperatorError(
            f"app.web.instances is {chosen}{_each(tree)} beside {workers} workers, but"
            f" app.database_pool has {settings.database_pool} connections, one for each at least"
        )
    room = _room(settings, machine, chosen or 1, tree, workers if beside is None else beside)
    cores = max(machine.cores * settings.share // 100, 1)
    return chosen or min(max(runtime.processes(cores) // tree.working, 1), most, room)


def _each(tree: Tree) -> str:
    return f" of {tree.forks} forks" if tree.forks else ""


def _room(settings: App, machine: Machine, web: int, tree: Tree, workers: int) -> int:
    """Web processes that memory_share_percent has memory for, of two releases side by side. Raises
    OperatorError when it has not for `web` of them and the workers."""
    claimed = claimed_mb(settings, machine)
    fit = claimed // (2 * settings.memory_process_mb)
    if web * tree.all + workers > fit:
        forks = ", app.web.forks" if tree.forks else ""
        raise OperatorError(
            f"{web * tree.all} web processes and {workers} workers of {settings.memory_process_mb}"
            " MiB"
            f" each (app.memory_process_mb) do not fit twice, as at a switch, into the {claimed}"
            " MiB"
            f" that app.memory_share_percent ({settings.memory_share_percent} %) leaves the"
            f" application: {fit}"
            f" processes in all do. Set app.web.instances{forks} and the workers' instances to no"
            " more, or raise app.memory_share_percent"
        )
    return (fit - workers) // tree.all


def claimed_mb(settings: App, machine: Machine) -> int:
    """Memory that all processes together may use (MiB): the ceiling of their slice."""
    return machine.memory_mb * settings.memory_share_percent // 100


def ceiling_mb(process: Process, settings: App, machine: Machine, tree: Tree = ALONE) -> int:
    """Memory at which something of one instance, its forks included, is killed (MiB).

    Raises OperatorError for one above what the whole application has.
    """
    claimed = claimed_mb(settings, machine)
    if process.memory_max_mb is None:
        return min(DEFAULT_CEILING_MB * tree.working, claimed)
    if process.memory_max_mb > claimed:
        raise OperatorError(
            f"app: a memory_max_mb of {process.memory_max_mb} MiB is above the {claimed} MiB that"
            f" app.memory_share_percent ({settings.memory_share_percent} %) leaves the application"
            " on this host"
        )
    return process.memory_max_mb


def run_mb(settings: App, machine: Machine) -> int:
    """Memory at which an operator's command is killed (MiB). Raises OperatorError for one above
    what the whole application has."""
    claimed, chosen = claimed_mb(settings, machine), settings.run.memory_max_mb
    if chosen is not None and chosen > claimed:
        raise OperatorError(
            f"app.run.memory_max_mb: {chosen} MiB is above the {claimed} MiB that"
            " app.memory_share_percent"
            f" ({settings.memory_share_percent} %) leaves the application on this host"
        )
    return chosen or min(RUN_MB, claimed // 2)


def heap_mb(process: Process, ceiling: int, tree: Tree = ALONE) -> int:
    """Node.js heap (MiB) of each process of a tree under its memory ceiling (MiB). Raises
    OperatorError for one that does not fit as often."""
    if process.heap_mb is None:
        return int(ceiling * HEAP_SHARE) // tree.all
    if process.heap_mb * tree.working >= ceiling:
        raise OperatorError(
            f"app: a heap of {process.heap_mb} MiB{_each(tree)} does not fit a memory_max_mb of"
            f" {ceiling} MiB"
        )
    return process.heap_mb


def require_ports(count: int) -> None:
    """Refuse more web processes of all kinds than a slot has ports for."""
    if count >= PORTS:
        raise OperatorError(
            f"app: {count} processes of app.web and app.http; a release has ports for {PORTS - 1}"
        )


def pool_size(settings: App, processes: int) -> int:
    """Database connections of one process, when `processes` share the host's pool equally.

    Raises OperatorError when there is less than one for each.
    """
    if settings.database == "none":
        return 0
    if processes > settings.database_pool:
        raise OperatorError(
            f"app: {processes} processes share {settings.database_pool} database connections"
            " (app.database_pool); each needs one"
        )
    return settings.database_pool // processes
