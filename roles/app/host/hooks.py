"""A team's own commands at the turns of a release."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from . import built, node, python, user
from .definition import Definition
from .layout import Layout


def commands(definition: Definition, moment: str) -> list[str]:
    """What runs at `moment`, in order."""
    return list(definition.hooks.get(moment, ()))


def programs(definition: Definition, folder: Path) -> str:
    """PATH for commands of the release in `folder`: its own programs first."""
    kept = [p["directory"] for p in definition.build.get("parts", []) if not p["output"]]
    places = [folder, *(folder / each for each in kept if each)]
    own = [f"{place}/{of}" for place in places for of in (".venv/bin", "node_modules/.bin")]
    path = [*own, python.programs(definition.build), node.programs(definition.build)]
    return ":".join(part for part in [*path, "/usr/local/bin", "/usr/bin", "/bin"] if part)


def run(
    layout: Layout,
    definition: Definition,
    moment: str,
    say: Callable[[str], None],
    **about: str,
) -> None:
    """Run the commands of `moment` as the application's user, with `about` as variables.

    They run in the release's folder, or in the application's where that one is not built.
    Raises ReleaseError when one fails; the rest is not run.
    """
    folder = built.folder(layout, definition)
    folder = folder if folder.is_dir() else layout.home
    log = layout.logs / f"hooks-{definition.tag}.log"
    env = {"PATH": programs(definition, folder), "HOOK": moment, **about}
    for command in commands(definition, moment):
        say(f"{moment}: {command}")
        log.touch(0o640)
        user.run(
            user.application(layout, definition),
            command,
            folder,
            log,
            env=env,
            timeout=definition.hooks["timeout"],
        )
