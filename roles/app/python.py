"""Which Python an application gets on a host: the host's own, or one of its own in /opt/python."""

from __future__ import annotations

from roles.core.machine import Machine

from .host import python_source
from .python_settings import Python

# What a source package of Python needs to become one with all of its modules.
BUILDING = (
    "build-essential", "dpkg-dev", "libbz2-dev", "libffi-dev", "liblzma-dev", "libncurses-dev",
    "libreadline-dev", "libsqlite3-dev", "libssl-dev", "patch", "pkg-config", "python-apt-common",
    "uuid-dev", "zlib1g-dev",
)  # fmt: skip


def wanted(settings: Python, machine: Machine) -> dict[str, str] | None:
    """An application's own Python as the host's program takes it; None: the host's own does.

    name: of its folder, another for each that differs; series: its two numbers; version: of the
    source package; or url and digest of a ready-made one.
    """
    series = settings.series
    if series is None or settings.version is None:
        return None
    if settings.url:
        name = f"{settings.version}-{settings.digest[:12]}"
        return {"name": name, "series": series, "url": settings.url, "digest": settings.digest}
    here = ".".join(str(number) for number in machine.versions.python)
    if settings.version == here:
        return None
    version = settings.version if settings.version != series else python_source.newest(series)
    own = {"name": version, "series": series, "version": version}
    return {**own, "mirror": settings.mirror} if settings.mirror else own


def packages(settings: Python, machine: Machine) -> list[str]:
    """Debian packages that having it takes."""
    own = wanted(settings, machine)
    return list(BUILDING) if own and "url" not in own else []
