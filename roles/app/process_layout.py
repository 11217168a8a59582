"""What runs: the settings' processes and the release's Procfile, sized for a machine."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from roles.core.errors import OperatorError
from roles.core.machine import Machine
from roles.core.together import Together

from . import commands, forks, http, listening, parts, procfile, runtimes, scripts
from .processes import Job, Process, Web, Worker
from .releases import Release
from .settings import App
from .settings.further import Http
from .sizing import ALONE, Tree, ceiling_mb, instances, pool_size, require_ports


@dataclass(frozen=True)
class Running:
    """One process, ready for a unit: its command, how many of it, its limits (MiB), and the
    processes that each of it is. kind, place, listen: its own, of one of app.http."""

    name: str
    command: str
    instances: int
    memory_mb: int
    heap_mb: int | None
    settings: Process
    tree: Tree
    kind: str = ""
    place: str = ""
    listen: listening.Place = "socket"

    @property
    def job(self) -> Job:
        """Its settings as those of a scheduled job, which it must be."""
        assert isinstance(self.settings, Job)  # noqa: S101 - for the type checker
        return self.settings


@dataclass(frozen=True)
class ProcessLayout:
    """All processes of an application on one machine.

    listen: where the web processes do, `socket` or `port`.
    pool_size: database connections each web process, worker and job may hold.
    """

    kind: str
    web: Running
    http: tuple[Running, ...]
    workers: tuple[Running, ...]
    jobs: tuple[Running, ...]
    release_steps: tuple[str, ...]
    pool_size: int
    listen: listening.Place = "socket"

    @property
    def processes(self) -> int:
        """Processes that run all the time and hold connections."""
        return sum(
            each.instances * each.tree.working for each in (self.web, *self.http, *self.workers)
        )


def lay_out(settings: App, machine: Machine, release: Release) -> ProcessLayout:
    """Decide what runs on `machine`.

    Raises OperatorError for a process without a command, or one that the machine has no room for.
    """
    if settings.kind == "static":
        return _nothing()
    kind = running_kind(settings, release)
    lines = _procfile(settings, release, kind)
    if not kind:
        raise OperatorError(
            f"{release.tag} has files of {runtimes.rivals(release.files)}, and its Procfile does"
            " not tell which of them the web process needs: set app.kind to"
            f" {runtimes.values(release.files)}"
        )
    extra = [
        n
        for n in lines
        if n not in {"web", "release", *settings.http, *settings.workers, *settings.jobs}
    ]
    workers = {**settings.workers, **{name: Worker() for name in extra}}

    def line(name: str, process: Process) -> str:
        command = process.command or lines.get(name)
        if command is None:
            raise OperatorError(
                f"no command for the process {name!r}: {release.tag} has no such line in its"
                f" Procfile; add it there, or set it as app.{_key(name, process)}.command"
            )
        return command

    every = Together()
    named = {**settings.http, **workers, **settings.jobs}
    for name, process in {"web": settings.web, **named}.items():
        with every.look():
            line(name, process)
    every.require()

    def tree(name: str, process: Process) -> Tree:
        chosen = process.forks
        return Tree(forks.told(line(name, process)) if chosen is None else chosen)

    def running(name: str, process: Process, count: int, kind: str = kind) -> Running:
        command, each = line(name, process), tree(name, process)
        _require_runnable(name, process, command, count, lines, texts=release.scripts)
        ceiling = ceiling_mb(process, settings, machine, each)
        heap = runtimes.of(kind).heap_mb(process, ceiling, each)
        return Running(name, command, count, ceiling, heap, process, each)

    def answering(name: str, each: Http) -> Running:
        own = parts.kind(settings, release, each.build) if each.build else kind
        files = parts.files(release, each.build) if each.build else release.files
        found = running(name, each, each.instances, own)
        listens = listening.place(each.listen, found.command, files)
        return replace(found, kind=own, place=http.place(settings, each), listen=listens)

    further = tuple(answering(name, each) for name, each in settings.http.items())
    behind = tuple(running(name, w, w.instances) for name, w in workers.items())
    working = sum(each.instances * each.tree.working for each in (*further, *behind))
    beside = sum(each.instances * each.tree.all for each in (*further, *behind))
    forked = tree("web", settings.web)
    count = instances(settings, machine, kind, working, tree=forked, beside=beside)
    web = running("web", settings.web, count)
    require_ports(count + sum(each.instances for each in further))
    return ProcessLayout(
        kind=kind,
        web=web,
        http=further,
        workers=behind,
        jobs=tuple(running(name, job, 1) for name, job in settings.jobs.items()),
        release_steps=_release_steps(settings, lines),
        pool_size=pool_size(settings, web.instances * web.tree.working + working),
        listen=listening.place(settings.web.listen, web.command, release.files),
    )


def running_kind(settings: App, release: Release) -> str:
    """What runs: as the settings say, or as found; empty where it has to be asked for."""
    kind = settings.kind or found_kind(settings, release)
    if kind in ("", "command"):
        kind = settings.kind or parts.running(settings, release) or kind
    return kind


def found_kind(settings: App, release: Release) -> str:
    """The kind of a release when nobody sets one; empty where it has to be asked for."""
    own = f"web: {settings.web.command}" if settings.web.command else ""
    return procfile.kind(release.files, own) if own and release.files else release.kind


def _nothing() -> ProcessLayout:
    """Of an application that is only files nothing runs."""
    web = Running("web", "true", 0, 0, None, Web(), ALONE)
    return ProcessLayout("static", web, (), (), (), (), 0)


def _procfile(settings: App, release: Release, kind: str) -> dict[str, str]:
    try:
        lines = procfile.parse(release.procfile)
    except ValueError as error:
        raise OperatorError(f"Procfile of {release.tag}: {error}") from None
    found = {**(runtimes.of(kind).lines(release) if kind else {}), **lines}
    made = {name: procfile.own(line, release.package) for name, line in found.items()}
    for name, each in settings.http.items():
        package = parts.package(release, each.build) if each.build else ""
        if package and (line := lines.get(name) or procfile.start_script(package)):
            made[name] = procfile.own(line, package)
    return made


def _require_runnable(
    name: str,
    process: Process,
    command: str,
    count: int,
    lines: dict[str, str],
    *,
    texts: Mapping[str, str],
) -> None:
    """Refuse, with what to write instead, a line that is none or does a job with each process; so
    does a script that it starts, unless the settings have that line."""
    where = f"app.{_key(name, process)}.command" if process.command else f"Procfile, {name}"
    try:
        whole = command if process.command else scripts.line(command, texts)
        repeated = commands.repeated(whole)
    except ValueError as error:
        raise OperatorError(f"{where}: {error}") from None
    if repeated and count > 1:
        found = commands.apart(whole)
        as_it_is = (
            f". To have {scripts.path(command)} run as it is, set app.{_key(name, process)}.command"
            f" = {json.dumps(command)}"
            if whole != command
            else ""
        )
        jobs, server = found or (repeated, "")
        steps = " && ".join([*([lines["release"]] if "release" in lines else []), jobs])
        rest = (
            f"Write these two lines: `release: {steps}` and `{name}: {server}`"
            if server
            else f"Write `release: {steps}`, and take it out of this line"
        )
        raise OperatorError(
            f"{where}: {repeated!r} would run with each of the {count} processes, whenever one"
            f" starts. What is to run once a release belongs to the release step. {rest}. What"
            " makes files of the release"
            " belongs to app.hooks.after_build instead: where it runs a release is read-only"
            f"{as_it_is}"
        )


def _release_steps(settings: App, lines: dict[str, str]) -> tuple[str, ...]:
    if settings.release_steps is not None:
        return settings.release_steps
    return (lines["release"],) if "release" in lines else ()


def _key(name: str, process: Process) -> str:
    if isinstance(process, Web):
        return "web"
    if isinstance(process, Http):
        return f"http.{name}"
    return f"{'jobs' if isinstance(process, Job) else 'workers'}.{name}"
