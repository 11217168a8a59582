"""How each kind of application is built when its settings don't say."""

from __future__ import annotations

from typing import Any

from roles.core.machine import Machine

from . import mounts, parts, python
from .locks import node, node_versions, versions
from .locks import python as python_packages
from .names import placeholders
from .process_layout import ProcessLayout
from .releases import Release
from .settings import App

# The processes cannot write beside their code, so it is compiled here.
COMPILE = "python3 -m compileall -q -x '/(\\.venv|node_modules)/' ."
# After an application's own steps, of which some leave their packages uncompiled, too (uv does). A
# package may have files that no Python takes, and own steps are right without them compiled.
COMPILE_ALL = "python3 -m compileall -qq -x /node_modules/ . || true"


def _hidden(settings: App) -> dict[str, object]:
    """Variables that a build must not know."""
    mongodb = {"MONGODB_URI": settings.mongodb.uri} if settings.mongodb.uri else {}
    return {**settings.secrets, **mongodb}


def build(
    settings: App, process_layout: ProcessLayout, release: Release, machine: Machine
) -> dict[str, Any]:
    """The `build` part of a release definition.

    parts: the same of each further part; packed: folders in which files are compressed.
    All of it but times, space and words takes part in what the release is made from, the host's
    runtime too: what differs is built again.
    Raises OperatorError for what the repository asks for and would not get on `machine`.
    """

    def part(settings: App, kind: str, release: Release) -> dict[str, Any]:
        return _build(settings, kind, release, machine)

    made = part(settings, _own_kind(settings, process_layout), release)
    if settings.builds:
        made["parts"] = parts.defined(settings, release, part)
        made["unlocked"] = made["unlocked"] or parts.unlocked(made["parts"])
    if settings.mounts:
        made["packed"] = mounts.folders(settings)
    return made


def _own_kind(settings: App, process_layout: ProcessLayout) -> str:
    """What the application's own folder is built as: nothing, where the back end is a part."""
    return "command" if parts.back_ends(settings) else process_layout.kind


def _build(settings: App, kind: str, release: Release, machine: Machine) -> dict[str, Any]:
    own = settings.build.steps
    pinned = kind == "node" and settings.node.source == "registry"
    dependencies, steps = None, list(own or ())
    unlocked, system = "", ".".join(str(part) for part in machine.versions.python)
    own_python = python.wanted(settings.python, machine) if kind == "python" else None
    if pinned:
        node_versions.require_package(settings.node, machine)
    if own is None and kind == "python":
        versions.require_python(settings.build, release, machine, own_python)
        dependencies, unlocked = python_packages.dependencies(settings.build, release)
        steps = [COMPILE]
    if own is not None and kind == "python":
        steps.append(COMPILE_ALL)
    if own is None and kind == "node":
        node_versions.require_node(settings, release, machine)
        found = node.installed(settings.build, release, machine.architecture)
        dependencies, steps, unlocked = found.dependencies, found.steps, found.unlocked
    return {
        "runtime": (
            f"node {settings.node.version}"
            if pinned
            else f"{kind} {own_python['name'] if own_python else system}"
        ),
        "node": settings.node.version if pinned else "",
        "node_integrity": (settings.node.integrity or "") if pinned else "",
        **({"python": own_python} if own_python else {}),
        "dependencies": dependencies,
        "steps": steps,
        "packages": sorted(settings.build.packages),
        "env": {**placeholders(settings.names, _hidden(settings)), **settings.build.env},
        "unlocked": unlocked,
        "timeout": settings.build.timeout_seconds,
        "free_disk_mb": settings.build.free_disk_mb,
    }
