"""Node.js: a pinned version of npm's registry in /opt/node, or the system's packages."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from roles.core.errors import OperatorError
from roles.core.machine import Machine
from roles.core.together import Together

from .. import procfile, sizing
from ..host import node_lock
from ..locks import choice, node_versions
from ..locks import node as locked
from ..processes import Process
from ..releases import Release
from ..settings import App
from ..settings import Node as Settings
from ..sizing import ALONE, Tree
from .runtime import Recipe, Runtime

_BINARY = "bun.lockb"  # has no text


class Node(Runtime):
    """Builds node_modules, and what `npm run build` makes."""

    name = "node"
    title = "Node.js"
    files = frozenset({"package.json"})
    programs = frozenset(
        "node npm npx pnpm yarn next nuxt nest remix-serve react-router-serve".split()
    )
    is_front_end = True
    reads = (*(name for name in choice.NODE if name != _BINARY), ".nvmrc", ".node-version")
    variables: ClassVar = {"NODE_ENV": "production"}

    def lines(self, release: Release) -> dict[str, str]:
        return procfile.started(release.package)

    def packages(self, settings: App, machine: Machine, kinds: Collection[str]) -> list[str]:
        return [] if _is_pinned(settings) else ["nodejs", "npm"]

    def notes(self, settings: App, machine: Machine) -> str:
        return unknown(settings.node, machine)

    def version(self, settings: App, machine: Machine) -> str:
        pinned = _is_pinned(settings)
        return settings.node.version if pinned else super().version(settings, machine)

    def told(self, settings: App, machine: Machine) -> dict[str, Any]:
        if not _is_pinned(settings):
            return {}
        node_versions.require_package(settings.node, machine)
        return {"node": settings.node.version, "node_integrity": settings.node.integrity or ""}

    def recipe(self, settings: App, release: Release, machine: Machine) -> Recipe:
        every, found = Together(), None
        with every.look():
            node_versions.require_node(settings, release, machine)
        with every.look():
            found = locked.installed(settings.build, release, machine.architecture)
        every.require()
        assert found  # noqa: S101 - or there was something against it
        return Recipe(found.dependencies, found.steps, found.unlocked)

    def process_variables(self, heap_mb: int | None) -> dict[str, str]:
        return {"NODE_OPTIONS": f"--max-old-space-size={heap_mb}"}

    def folder(self, settings: App, machine: Machine) -> str:
        return f"/opt/node/{settings.node.version}/bin" if _is_pinned(settings) else ""

    def require_processes(self, chosen: int, machine: Machine) -> None:
        if chosen > machine.cores:
            raise OperatorError(
                f"app.web.instances is {chosen}, but this host has {machine.cores}"
                " cores: Node.js gains nothing from more processes than cores. Leave it out"
            )

    def heap_mb(self, process: Process, ceiling: int, tree: Tree = ALONE) -> int | None:
        return sizing.heap_mb(process, ceiling, tree)


def unknown(settings: Settings, machine: Machine) -> str:
    """That the pinned version is installed as it comes, since no digest of it is known; empty when
    one is."""
    if settings.source != "registry":
        return ""
    lock = node_lock.lock(settings.version, settings.integrity or "", machine.architecture)
    if lock.integrity:
        return ""
    return (
        f"no digest of Node.js {settings.version} is known, so it is taken as it comes:"
        f" set app.node.integrity (npm view {lock.name}@{settings.version} dist.integrity)"
    )


def _is_pinned(settings: App) -> bool:
    return settings.node.source == "registry"


RUNTIME = Node()
