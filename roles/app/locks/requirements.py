"""A list of requirements that a lock file was turned into: what is the index's, what is not."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from ..host.inputs import requirement_lines
from . import pinned

OPTION = "--hash="


@dataclass(frozen=True)
class Listed:
    """indexed: requirements with hashes, a line each; they follow from the list alone. own: paths
    of the repository, and addresses without a hash, which each release installs for itself."""

    indexed: tuple[str, ...]
    own: tuple[str, ...]

    @property
    def addresses(self) -> tuple[str, ...]:
        """What comes from elsewhere without a hash."""
        return tuple(line for line in self.own if not line.startswith("."))


def split(text: str, project: bool) -> Listed:
    """Take the list of a lock file apart. project: whether the project at the root is itself
    installed. Raises Broken for what leads out of the application's folder."""
    lines = list(dict.fromkeys(requirement_lines(text)))
    for line in lines:
        pinned.require(line.split(" ")[0], line)
    own = [line for line in lines if OPTION not in line]
    return Listed(
        tuple(line for line in lines if OPTION in line),
        tuple(line for line in own if project or line != "."),
    )


def hashed(text: str) -> bool:
    """Whether a requirements.txt has hashes, so that pip asks for one of each."""
    return any(OPTION in line for line in requirement_lines(text))


def install(own: tuple[str, ...]) -> str:
    """pip's arguments for what a list has of its own."""
    return " ".join(shlex.quote(line) for line in own)
