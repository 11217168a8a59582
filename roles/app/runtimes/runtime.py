"""What the role asks of a runtime. An answer that stands here holds for one that gives none."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from roles.core.machine import Machine

from ..processes import Process
from ..releases import Release
from ..settings import App
from ..sizing import ALONE, Tree


@dataclass(frozen=True)
class Recipe:
    """How a release is built.

    dependencies: those that later releases may share (host/dependencies.py); None for none
    steps: shell commands that run after them, in the release's folder
    unlocked: why its packages are not locked, for words; empty when they are
    """

    dependencies: dict[str, Any] | None = None
    steps: Sequence[str] = field(default_factory=list)
    unlocked: str = ""


class Runtime:
    """One of them. `settings` are the application's, or those of one of its parts."""

    name: str
    """What the settings call it."""

    # Detect.
    title = ""
    """What people call it; empty for what is no language."""
    files: frozenset[str] = frozenset()
    """Names at an application's root by which a release is found to be of it."""
    proof: frozenset[str] = frozenset()
    """Those of them that nothing but a server in it has."""
    programs: frozenset[str] = frozenset()
    """Programs that a Procfile's web process is when it serves."""
    is_front_end = False
    """Whether its files are also those of a front end, beside a server in another language."""
    reads: tuple[str, ...] = ()
    """Files whose text says what a release is built with."""

    def serves(self, program: str) -> bool:
        """Whether a web process that runs `program` is of it."""
        return program in self.programs

    def lines(self, release: Release) -> dict[str, str]:
        """Commands by process, as a Procfile has them, that other files of a release say."""
        return {}

    # Packages.
    def packages(self, settings: App, machine: Machine, kinds: Collection[str]) -> list[str]:
        """Debian packages. kinds: the runtimes that build or run something of the release."""
        return []

    def notes(self, settings: App, machine: Machine) -> str:
        """What the operator is told about the version; empty for nothing."""
        return ""

    # Build.
    def version(self, settings: App, machine: Machine) -> str:
        """Its version on the host: with another one a release is built again."""
        return ".".join(str(part) for part in machine.versions.python)

    def told(self, settings: App, machine: Machine) -> dict[str, Any]:
        """What the program on the host has to know of it. Raises OperatorError for a version that
        `machine` cannot have."""
        return {}

    def recipe(self, settings: App, release: Release, machine: Machine) -> Recipe:
        """How a release is built where the settings have no steps. Raises OperatorError for what
        the repository asks for and would not get on `machine`."""
        return Recipe()

    after_own_steps: tuple[str, ...] = ()
    """Shell commands behind the settings' own steps, where there are some."""

    # Environment.
    variables: ClassVar[Mapping[str, str]] = {}
    """What all processes are told."""

    def process_variables(self, heap_mb: int | None) -> dict[str, str]:
        """What one process is told. heap_mb: as `heap_mb` below has said."""
        return {}

    def folder(self, settings: App, machine: Machine) -> str:
        """Folder of its programs; empty where they are the system's own."""
        return ""

    writes_machine_code = True
    """Whether its processes write machine code and run it."""

    # Sizing.
    def processes(self, cores: int) -> int:
        """Web processes that are worth having on so many cores."""
        return cores

    def require_processes(self, chosen: int, machine: Machine) -> None:
        """Raise OperatorError for a number of web processes that makes no sense."""

    def heap_mb(self, process: Process, ceiling: int, tree: Tree = ALONE) -> int | None:
        """Its own memory limit under a ceiling (MiB); None when it has none."""
        return None
