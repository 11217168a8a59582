"""What other roles need to know of the application. Pure, and all that they need."""

from __future__ import annotations

from collections.abc import Collection

from roles.core.machine import Machine

from . import mounts, runtimes
from .host.layout import Layout
from .parts import packages as further
from .settings import App
from .settings.mount import Mount
from .sizing import claimed_mb
from .uploaded import Bucket

__all__ = [
    "bucket",
    "claimed_mb",
    "live",
    "mounted",
    "own",
    "packages",
    "responses",
    "routed",
    "served",
    "static",
    "uploads",
]


def packages(settings: App, machine: Machine, kinds: Collection[str]) -> list[str]:
    """Debian packages that building and running the application takes. kinds: its runtimes."""
    parts = further(settings)
    return [
        "ca-certificates",
        "python3",
        "python3-venv",
        *(p for each in runtimes.every() for p in each.packages(settings, machine, kinds)),
        *settings.build.packages,
        *parts,
    ]


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


def responses(settings: App) -> str:
    """Link whose end is another one after each switch."""
    return str(Layout(settings.name).responses)


def bucket(settings: App) -> Bucket | None:
    """Where uploads are instead; None where they are in that folder."""
    return settings.bucket if settings.bucket.url else None


def uploads(settings: App) -> str:
    """Folder of what users uploaded; it outlives releases."""
    return str(Layout(settings.name).uploads)
