"""What runs: the settings' processes and the release's Procfile, sized for a machine."""

from __future__ import annotations

from dataclasses import dataclass

from roles.core.errors import OperatorError
from roles.core.machine import Machine

from . import procfile
from .processes import Job, Process, Web, Worker
from .releases import Release
from .settings import App
from .sizing import ceiling_mb, heap_mb, instances, pool_size


@dataclass(frozen=True)
class Running:
    """One process, ready for a unit: its command, how many of it, its limits (MiB)."""

    name: str
    command: str
    instances: int
    memory_mb: int
    heap_mb: int | None
    settings: Process

    @property
    def job(self) -> Job:
        """Its settings as those of a scheduled job, which it must be."""
        assert isinstance(self.settings, Job)  # noqa: S101 - for the type checker
        return self.settings


@dataclass(frozen=True)
class Formation:
    """All processes of an application on one machine.

    pool_size: database connections each web process, worker and job may hold.
    """

    kind: str
    web: Running
    workers: tuple[Running, ...]
    jobs: tuple[Running, ...]
    release_steps: tuple[str, ...]
    pool_size: int

    @property
    def processes(self) -> int:
        """Processes that run all the time."""
        return self.web.instances + sum(worker.instances for worker in self.workers)


def form(settings: App, machine: Machine, release: Release) -> Formation:
    """Decide what runs on `machine`.

    Raises OperatorError for a process without a command, or one that the machine has no room for.
    """
    lines = _procfile(release)
    kind = settings.kind or release.kind
    extra = [n for n in lines if n not in {"web", "release", *settings.workers, *settings.jobs}]
    workers = {**settings.workers, **{name: Worker() for name in extra}}

    def running(name: str, process: Process, count: int) -> Running:
        command = process.command or lines.get(name)
        if command is None:
            raise OperatorError(
                f"no command for the process {name!r}: {release.tag} has no such line in its"
                f" Procfile; add it there, or set it as app.{_key(name, process)}.command"
            )
        ceiling = ceiling_mb(process, settings, machine)
        heap = heap_mb(process, ceiling) if kind == "node" else None
        return Running(name, command, count, ceiling, heap, process)

    behind = sum(worker.instances for worker in workers.values())
    web = running("web", settings.web, instances(settings, machine, kind, behind))
    return Formation(
        kind=kind,
        web=web,
        workers=tuple(running(name, w, w.instances) for name, w in workers.items()),
        jobs=tuple(running(name, job, 1) for name, job in settings.jobs.items()),
        release_steps=_release_steps(settings, lines),
        pool_size=pool_size(settings, web.instances + behind),
    )


def _procfile(release: Release) -> dict[str, str]:
    try:
        lines = procfile.parse(release.procfile)
    except ValueError as error:
        raise OperatorError(f"Procfile of {release.tag}: {error}") from None
    start = procfile.start_script(release.package)
    return {**({"web": start} if start else {}), **lines}


def _release_steps(settings: App, lines: dict[str, str]) -> tuple[str, ...]:
    if settings.release_steps is not None:
        return settings.release_steps
    return (lines["release"],) if "release" in lines else ()


def _key(name: str, process: Process) -> str:
    if isinstance(process, Web):
        return "web"
    return f"{'jobs' if isinstance(process, Job) else 'workers'}.{name}"
