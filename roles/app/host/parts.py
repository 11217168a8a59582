"""The further parts of a release: each built in its own folder, of which only the output may stay.

Nothing of the repository or of a package has run when dependencies are installed that later
releases share: those of Node.js first, which are only unpacked, then those of one Python.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from . import dependencies
from .definition import Definition
from .layout import Layout

Say = Callable[[str], None]
KEPT = ".readyhost-output"


@dataclass(frozen=True)
class Place:
    """One folder that is built: the application's own, without a name, or a part's."""

    definition: Definition
    folder: Path
    name: str = ""
    output: str = ""

    @property
    def runtime(self) -> str:
        """What installs its dependencies: .venv, node_modules; empty for nothing."""
        return str((self.definition.build["dependencies"] or {}).get("product", ""))


class Steps(Protocol):
    """Gives what runs steps in a place."""

    def __call__(self, place: Place) -> dependencies.Step: ...


def places(definition: Definition, folder: Path) -> list[Place]:
    """All that a release is built in: its parts in their order, then its own folder, whose steps
    may take in what they made."""
    parts: list[dict[str, Any]] = definition.build.get("parts", [])
    found = [
        Place(
            replace(definition, build=part["build"]),
            folder / part["directory"] if part["directory"] else folder,
            part["name"],
            part["output"],
        )
        for part in parts
    ]
    return [*found, Place(definition, folder)]


def build(layout: Layout, every: list[Place], step: Steps, say: Say) -> str:
    """Install and build in all places. The keys of dependencies that are kept, with a space."""
    kept, keep = [], True
    for place in sorted(every, key=lambda one: one.runtime != "node_modules"):
        of = place.definition
        if place.runtime == ".venv" and not keep:
            of = replace(of, build={**of.build, "dependencies": {**_of(of), "kept": False}})
        kept.append(dependencies.install(layout, of, place.folder, step(place), say))
        # What pip builds runs code of the packages: the next set would be installed beside it.
        keep = keep and place.runtime != ".venv"
    for place in every:
        run = step(place)
        for command in dependencies.scripts(place.definition):
            run(command)
        for command in place.definition.build["steps"]:
            say(f"build step{place.name and f' of {place.name}'}: {command}")
            run(command)
    for place in every:
        if place.output:
            step(place)(_strip(place))
    return " ".join(dict.fromkeys(filter(None, kept)))


def _of(definition: Definition) -> dict[str, Any]:
    return dict(definition.build["dependencies"] or {})


def _strip(place: Place) -> str:
    """A shell line that leaves nothing of a part but its output."""
    output = shlex.quote(place.output)
    said = shlex.quote(
        f"the build made no folder {place.output} of its own: app.builds.{place.name}.output"
        " names what is kept"
    )
    return (
        f"if [ ! -d {output} ] || [ -L {output} ]; then echo {said} >&2; exit 1; fi;"
        f" mv {output} {KEPT};"
        f" find . -mindepth 1 -maxdepth 1 ! -name {KEPT} -exec rm -rf -- {{}} +;"
        f' mkdir -p "$(dirname {output})"; mv {KEPT} {output}'
    )
