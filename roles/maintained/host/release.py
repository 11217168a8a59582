"""What the live release is made of: names and versions, read as data and never run.

A release is root's since it was built, but a build chose what lies in it.
"""

from __future__ import annotations

import json
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .findings import CouldNotLook

LOCKS = ("package-lock.json", "npm-shrinkwrap.json")
OTHER_LOCKS = ("yarn.lock", "pnpm-lock.yaml", "bun.lock")
RUNTIMES = Path("/opt/node")
LARGEST = 32 * 2**20  # bytes of a lock file
# What a new virtual environment brings along: as old as the distribution's, in no lock file, and
# nothing that serves anybody runs it.
BROUGHT = frozenset({"pip", "setuptools", "wheel", "pkg-resources"})
# As a wheel names the folder of what it says about itself; eggs add the version of Python.
_INSTALLED = re.compile(
    r"^([A-Za-z0-9][A-Za-z0-9._]*)-([0-9][A-Za-z0-9.!+_]*?)(?:-py[0-9.]+)?\.(?:dist|egg)-info$"
)


@dataclass(frozen=True)
class Release:
    """The live release: its folder, its definition, and whether anything is live at all."""

    folder: Path
    node: str
    """Version of the pinned Node.js that it runs with, empty for none."""
    kind: str
    places: tuple[Path, ...] = ()
    """Where its packages are: its folder, and those of parts whose programs run."""
    python: str = ""
    """Version of a Python of its own that it runs with, empty for the distribution's."""


def live(app: str, root: Path = Path("/")) -> Release | None:
    """The application's live release, None before there is one."""
    home = root / "srv" / app
    try:
        slot = (home / "live").readlink().name
        folder = Path(os.path.realpath(home / "current"))
        values = json.loads((root / "etc" / app / slot / "release.json").read_text())
    except OSError:
        return None
    if folder.parent != Path(os.path.realpath(home)) / "releases":
        raise CouldNotLook(f"{home}/current leads out of {home}/releases")
    build: dict[str, Any] = values["build"]
    # Of the others only what their build wrote is there.
    parts = [part for part in build.get("parts", ()) if not part["output"]]
    every = (build, *(part["build"] for part in parts))
    nodes = [one.get("node") for one in every]
    pythons = [(one.get("python") or {}).get("name") for one in every]
    return Release(
        folder,
        next(filter(None, nodes), ""),
        build.get("runtime", "").partition(" ")[0],
        (folder, *(folder / part["directory"] for part in parts if part["directory"])),
        next(filter(None, pythons), ""),
    )


def python(folder: Path) -> list[str]:
    """name==version of what is installed in the environment .venv, sorted."""
    places = sorted((folder / ".venv" / "lib").glob("python3*/site-packages"))
    return sorted({pin for place in places for pin in installed(place)})


def installed(place: Path) -> list[str]:
    """name==version of what is installed in a folder `site-packages`, beyond what each has."""
    matches = (_INSTALLED.match(path.name) for path in place.iterdir())
    named = [(found[1].replace("_", "-"), found[2]) for found in matches if found]
    return [f"{name}=={version}" for name, version in named if name.lower() not in BROUGHT]


def node(folder: Path) -> dict[str, str]:
    """What npm audits by, names and texts of files; empty when there are none."""
    lock = next((name for name in LOCKS if (folder / name).is_file()), "")
    if not lock:
        return {}
    return {name: text(folder / name) for name in ("package.json", lock)}


def unread(folder: Path) -> str:
    """Name of a lock file that npm does not read, empty when there is none."""
    return next((name for name in OTHER_LOCKS if (folder / name).exists()), "")


def text(path: Path) -> str:
    """The text of a file that is one, no link and no endless one."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(descriptor, "rb") as file:
        about = os.fstat(file.fileno())
        if not stat.S_ISREG(about.st_mode) or about.st_size > LARGEST:
            raise CouldNotLook(f"{path} is no ordinary file, or larger than {LARGEST} bytes")
        return file.read().decode(errors="replace")
