"""How a release is built, as its definition has it."""

from __future__ import annotations

from typing import Any

from roles.core.machine import Machine
from roles.core.together import Together

from . import mounts, parts, runtimes
from .names import placeholders
from .releases import Release
from .runtimes.runtime import Recipe
from .settings import App


def _hidden(settings: App) -> dict[str, object]:
    """Variables that a build must not know."""
    mongodb = {"MONGODB_URI": settings.mongodb.uri} if settings.mongodb.uri else {}
    return {**settings.secrets, **mongodb}


def build(settings: App, kind: str, release: Release, machine: Machine) -> dict[str, Any]:
    """The `build` part of a release definition. kind: what runs (`ProcessLayout.kind`).

    parts: the same of each further part; packed: folders in which files are compressed.
    All of it but times, space and words takes part in what the release is made from, the host's
    runtime too: what differs is built again.
    Raises OperatorError for all that the repository asks for and would not get on `machine`.
    """
    every = Together()

    def part(settings: App, kind: str, release: Release) -> dict[str, Any]:
        return _build(settings, kind, release, machine)

    made, further = {}, []
    with every.look():
        made = part(settings, _own_kind(settings, kind), release)
    with every.look():
        further = parts.defined(settings, release, part)
    every.require()
    if settings.builds:
        made["parts"] = further
        made["unlocked"] = made["unlocked"] or parts.unlocked(made["parts"])
    if settings.mounts:
        made["packed"] = mounts.folders(settings)
    return made


def _own_kind(settings: App, kind: str) -> str:
    """What the application's own folder is built as: nothing, where the back end is a part."""
    return "command" if parts.back_ends(settings) else kind


def _build(settings: App, kind: str, release: Release, machine: Machine) -> dict[str, Any]:
    runtime, steps = runtimes.of(kind), settings.build.steps
    told, recipe, every = {}, Recipe(steps=[*(steps or ()), *runtime.after_own_steps]), Together()
    with every.look():
        told = runtime.told(settings, machine)
    if steps is None:
        with every.look():
            recipe = runtime.recipe(settings, release, machine)
    every.require()
    return {
        "runtime": f"{kind} {runtime.version(settings, machine)}",
        "node": "",
        "node_integrity": "",
        **told,
        "dependencies": recipe.dependencies,
        "steps": list(recipe.steps),
        "packages": sorted(settings.build.packages),
        "env": {**placeholders(settings.names, _hidden(settings)), **settings.build.env},
        "unlocked": recipe.unlocked,
        "timeout": settings.build.timeout_seconds,
        "free_disk_mb": settings.build.free_disk_mb,
    }
