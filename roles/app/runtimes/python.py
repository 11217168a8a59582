"""Python: the host's own, or one of the application's own in /opt/python."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from roles.core.machine import Machine
from roles.core.together import Together

from ..host import python_source
from ..locks import choice, versions
from ..locks import python as locked
from ..python_settings import Python as Settings
from ..releases import Release
from ..settings import App
from .runtime import Recipe, Runtime

# The processes cannot write beside their code, so it is compiled here.
COMPILE = "python3 -m compileall -q -x '/(\\.venv|node_modules)/' ."
# After an application's own steps, of which some leave their packages uncompiled, too (uv does). A
# package may have files that no Python takes, and own steps are right without them compiled.
COMPILE_ALL = "python3 -m compileall -qq -x /node_modules/ . || true"
# What a source package of Python needs to become one with all of its modules.
BUILDING = (
    "build-essential", "dpkg-dev", "libbz2-dev", "libffi-dev", "liblzma-dev", "libncurses-dev",
    "libreadline-dev", "libsqlite3-dev", "libssl-dev", "patch", "pkg-config", "python-apt-common",
    "uuid-dev", "zlib1g-dev",
)  # fmt: skip


class Python(Runtime):
    """Builds a virtual environment in .venv."""

    name = "python"
    title = "Python"
    proof = frozenset({"manage.py"})
    files = proof | frozenset(
        "requirements.txt pyproject.toml Pipfile setup.py uv.lock poetry.lock pdm.lock Pipfile.lock"
        " pylock.toml".split()
    )
    programs = frozenset(
        "gunicorn uvicorn hypercorn daphne uwsgi waitress-serve granian flask".split()
    )
    reads = ("requirements.txt", "pyproject.toml", "Pipfile", *choice.PYTHON, ".python-version")
    variables: ClassVar = {"PYTHONUNBUFFERED": "1"}
    writes_machine_code = False
    after_own_steps = (COMPILE_ALL,)

    def serves(self, program: str) -> bool:
        return program.startswith("python") or super().serves(program)

    def packages(self, settings: App, machine: Machine, kinds: Collection[str]) -> list[str]:
        own = wanted(settings.python, machine)
        return list(BUILDING) if own and "url" not in own else []

    def version(self, settings: App, machine: Machine) -> str:
        own = wanted(settings.python, machine)
        return own["name"] if own else super().version(settings, machine)

    def told(self, settings: App, machine: Machine) -> dict[str, Any]:
        own = wanted(settings.python, machine)
        return {"python": own} if own else {}

    def recipe(self, settings: App, release: Release, machine: Machine) -> Recipe:
        own = wanted(settings.python, machine)
        every, dependencies, unlocked = Together(), None, ""
        with every.look():
            versions.require_python(settings.build, release, machine, own)
        with every.look():
            dependencies, unlocked = locked.dependencies(settings.build, release)
        every.require()
        return Recipe(dependencies, [COMPILE], unlocked)

    def folder(self, settings: App, machine: Machine) -> str:
        own = wanted(settings.python, machine)
        return f"/opt/python/{own['name']}/bin" if own else ""

    def processes(self, cores: int) -> int:
        return 2 * cores + 1  # Gunicorn's rule


def wanted(settings: Settings, machine: Machine) -> dict[str, str] | None:
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


RUNTIME = Python()
