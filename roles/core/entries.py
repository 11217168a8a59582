"""What a role wants to exist on a host: files, directories, links, and what must be gone."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from .errors import OperatorError

WORLD = 0o007
_PRIVATE = re.compile(rb"^-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----", re.MULTILINE)


@dataclass(frozen=True)
class File:
    """A regular file, whole. `secret` content is never shown and never readable by others.
    `source` is the team's own file that it was rendered from, if it was.

    Raises OperatorError for a private key in one that is no secret: PEM files of certificates often
    have the key beside them, and whoever is on the host would read it."""

    path: str
    content: str | bytes
    mode: int = 0o644
    owner: str = "root"
    group: str = "root"
    secret: bool = False
    source: str = ""

    def __post_init__(self) -> None:
        if self.secret and self.mode & WORLD:
            raise ValueError(f"{self.path} holds a secret and may not have mode {self.mode:o}")
        if not self.secret and b"PRIVATE KEY-----" in self.data and _PRIVATE.search(self.data):
            of = self.source or "the PEM file that it is made from"
            raise OperatorError(
                f"{self.path} would show a private key to everybody on the host: take it out of"
                f" {of}. Nothing has been changed"
            )

    @cached_property
    def data(self) -> bytes:
        """The content as the bytes that will be on the host."""
        return self.content.encode() if isinstance(self.content, str) else self.content

    @cached_property
    def checksum(self) -> str:
        """SHA-256 of the content, hexadecimal."""
        return hashlib.sha256(self.data).hexdigest()

    def __repr__(self) -> str:
        # The content may be a secret, and dataclasses print every field.
        return f"File({self.path!r}, mode={self.mode:o}, owner={self.owner}:{self.group})"


@dataclass(frozen=True)
class Kept:
    """A file that the host has and nobody else knows, with the checksum that it was found with: it
    stays as it is."""

    path: str
    checksum: str
    mode: int = 0o600
    owner: str = "root"
    group: str = "root"


@dataclass(frozen=True)
class Directory:
    """A directory with its mode and owner; what is inside is not looked at."""

    path: str
    mode: int = 0o755
    owner: str = "root"
    group: str = "root"


@dataclass(frozen=True)
class Link:
    """A symbolic link."""

    path: str
    target: str


@dataclass(frozen=True)
class Absent:
    """A file or link that a package ships and that this host must not have."""

    path: str


Entry = File | Kept | Directory | Link | Absent


def signature(entry: Entry) -> str:
    """One line that is equal for two entries exactly when a host could not tell them apart."""
    if isinstance(entry, (File, Kept)):
        return f"f|{entry.mode:o}|{entry.owner}|{entry.group}|{entry.path}|{entry.checksum}"
    if isinstance(entry, Directory):
        return f"d|{entry.mode:o}|{entry.owner}|{entry.group}|{entry.path}|"
    if isinstance(entry, Link):
        return f"l||||{entry.path}|{entry.target}"
    return f"-||||{entry.path}|"


def digest(entries: Iterable[Entry]) -> str:
    """SHA-256 over the signatures of `entries`, in any order: the identity of a configuration."""
    lines = sorted(signature(entry) for entry in entries)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
