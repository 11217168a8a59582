"""Which lock file of a release counts."""

from __future__ import annotations

import json
from collections.abc import Collection

from roles.core.errors import OperatorError

from ..releases import Release

PYLOCK = "pylock.toml"
PYTHON = ("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", PYLOCK)
# Of two files of one tool the first counts for that tool as well.
NODE = (
    "npm-shrinkwrap.json", "package-lock.json", "pnpm-lock.yaml", "yarn.lock", "bun.lock",
    "bun.lockb",
)  # fmt: skip
_TOOL = {"npm-shrinkwrap.json": "npm", "package-lock.json": "npm", "bun.lock": "bun",
         "bun.lockb": "bun", "pnpm-lock.yaml": "pnpm", "yarn.lock": "yarn"}  # fmt: skip
SETTING = "app.build.ignore"


def python(release: Release, ignored: Collection[str]) -> str:
    """The file that decides what Python packages a release gets: a lock file or requirements.txt;
    empty for none. Raises OperatorError where several do."""
    found = [n for n in (*PYTHON, "requirements.txt") if n in release.files and n not in ignored]
    _refuse_above(release, found, PYTHON, ignored)
    return _one(release, found, found)


def node(release: Release, ignored: Collection[str], manager: str) -> str:
    """The same for Node.js; of several the one of `manager`, whom package.json names, counts."""
    found = [name for name in NODE if name in release.files and name not in ignored]
    _refuse_above(release, found, NODE, ignored)
    own = [name for name in found if _TOOL[name] == manager] if manager else found
    if found and not own:
        raise OperatorError(
            f"{release.tag}: package.json names {manager} as its packageManager, and the lock file"
            f' is {found[0]}: make them agree, or set {SETTING} = ["packageManager"]. Nothing has'
            " been changed"
        )
    tools: dict[str, str] = {}
    for name in own:
        tools.setdefault(_TOOL[name], name)
    return _one(release, list(tools.values()), own)


def tool(lock: str) -> str:
    """Whose lock file of Node.js it is."""
    return _TOOL[lock]


def _refuse_above(
    release: Release, found: list[str], names: Collection[str], ignored: Collection[str]
) -> None:
    left = [name for name in names if name in release.above and name not in ignored]
    if left and not found:
        raise OperatorError(
            f"{release.tag} has no lock file in app.directory, and {left[0]} above it, which a host"
            " does not get: set app.directory to the folder of that (a line of the Procfile may"
            f" begin with `cd …`), or {SETTING} = {json.dumps([left[0]])}. Nothing has been changed"
        )


def _one(release: Release, rivals: list[str], found: list[str]) -> str:
    if len(rivals) > 1:
        raise OperatorError(
            f"{release.tag} has {' and '.join(rivals)}, and only one of them can say what is"
            f" installed: remove the others, or set {SETTING} to what does not count, such as"
            f" {json.dumps(rivals[1:])}. Nothing has been changed"
        )
    return found[0] if found else ""
