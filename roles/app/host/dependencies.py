"""Installed dependencies, kept by what they follow from, so that equal ones are installed once."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Protocol

from . import disk
from .definition import Definition
from .layout import Layout

COMPLETE = ".complete"


class Step(Protocol):
    """Runs a build step; raises ReleaseError when it fails."""

    def __call__(self, command: str, folder: Path | None = None) -> None: ...


def key(folder: Path, definition: Definition) -> str:
    """Digest of all that the dependencies follow from: their files, their steps, the runtime."""
    build = definition.build["dependencies"]
    digest = hashlib.sha256(repr((build["steps"], definition.build["runtime"])).encode())
    if build["of_commit"]:
        digest.update(definition.commit.encode())
    for pattern in build["files"]:
        for path in sorted(folder.glob(pattern)):
            digest.update(f"{path.relative_to(folder)}\0".encode() + path.read_bytes() + b"\0")
    return digest.hexdigest()[:24]


def install(layout: Layout, definition: Definition, folder: Path, step: Step) -> str:
    """Give the release in `folder` its dependencies. Their key, empty when it has none."""
    build = definition.build["dependencies"]
    if not build:
        return ""
    name = key(folder, definition)
    kept = layout.environments / name
    complete = (kept / COMPLETE).exists()
    if build["product"] == ".venv":
        # A virtual environment knows its own path, so it is built where it stays and linked to.
        if not complete:
            disk.remove(kept)
            for command in build["steps"]:
                step(command.replace("{environment}", str(kept)))
            step(f"touch {kept}/{COMPLETE}")
        step(f"ln -sfn {kept} .venv")
        return name
    product = build["product"]
    if complete:
        step(f"cp -a --reflink=auto {kept}/{product} .")
        return name
    for command in build["steps"]:
        step(command)
    disk.remove(kept)
    step(f"mkdir {kept} && cp -a --reflink=auto {product} {kept}/ && touch {kept}/{COMPLETE}")
    return name
