"""What other roles need to know of the application. Pure, and all that they need."""

from __future__ import annotations

from dataclasses import dataclass

from roles.core.machine import Machine

from . import mounts, python
from .host.layout import Layout
from .parts import packages as further
from .process_layout import lay_out
from .releases import Release
from .settings import App
from .settings.mount import Mount
from .sizing import claimed_mb
from .uploaded import Bucket

__all__ = [
    "bucket",
    "claimed_mb",
    "connections",
    "live",
    "mounted",
    "own",
    "packages",
    "routed",
    "routes",
    "served",
    "sockets",
    "static",
    "uploads",
]


@dataclass(frozen=True)
class Route:
    """One of app.http: its name (of no application, which has no underscore), its sockets, paths,
    host names, and the seconds it may take."""

    name: str
    sockets: tuple[str, ...]
    paths: tuple[str, ...]
    hosts: tuple[str, ...]
    timeout: int | None


def packages(settings: App, machine: Machine) -> list[str]:
    """Debian packages that building and running the application takes."""
    runtime = ["nodejs", "npm"] if settings.node.source == "distribution" else []
    parts = further(settings)
    return [
        "ca-certificates",
        "python3",
        "python3-venv",
        *runtime,
        *python.packages(settings.python, machine),
        *settings.build.packages,
        *parts,
    ]


def sockets(settings: App, machine: Machine, release: Release) -> list[str]:
    """Paths of the Unix sockets that the web processes answer on."""
    live = Layout(settings.name).live
    count = lay_out(settings, machine, release).web.instances
    return [f"{live}/web-{instance}.sock" for instance in range(1, count + 1)]


def routes(settings: App, machine: Machine, release: Release) -> list[Route]:
    """What Nginx asks beside the web processes: whom, for which paths and names."""
    live = Layout(settings.name).live
    return [
        Route(
            f"{settings.name}_{each.name}",
            tuple(f"{live}/{each.name}-{n}.sock" for n in range(1, each.instances + 1)),
            settings.http[each.name].paths,
            settings.http[each.name].hosts,
            settings.http[each.name].timeout_seconds,
        )
        for each in lay_out(settings, machine, release).http
    ]


def connections(settings: App, machine: Machine, release: Release) -> int:
    """Most database connections that the application holds on one host: every process its share,
    jobs included. While a switch lasts both releases have theirs."""
    process_layout = lay_out(settings, machine, release)
    jobs = sum(job.tree.working for job in process_layout.jobs)
    return process_layout.pool_size * (process_layout.processes + jobs)


def static(settings: App) -> str | None:
    """Folder of the live release that Nginx serves by itself; None when it has none."""
    return f"{Layout(settings.name).current}/{settings.static}" if settings.static else None


def mounted(settings: App) -> list[tuple[Mount, str]]:
    """What else Nginx serves by itself, with the name of its folder below `served`."""
    return [(mount, mounts.key(mount.url)) for mount in settings.mounts]


def routed(settings: App) -> tuple[str, ...]:
    """Paths that go to the processes where a mount has all others."""
    return mounts.routed(settings)


def own(settings: App) -> tuple[str, ...]:
    """Paths that stay app.web's where one of app.http has all others."""
    return tuple(dict.fromkeys([*settings.web.paths, settings.health.path.partition("?")[0]]))


def live(settings: App) -> str:
    """Folder of the live release's sockets."""
    return str(Layout(settings.name).live)


def served(settings: App) -> str:
    """Folder with links to the static files of the live release and of the kept ones."""
    return str(Layout(settings.name).served)


def bucket(settings: App) -> Bucket | None:
    """Where uploads are instead; None where they are in that folder."""
    return settings.bucket if settings.bucket.url else None


def uploads(settings: App) -> str:
    """Folder of what users uploaded; it outlives releases."""
    return str(Layout(settings.name).uploads)
