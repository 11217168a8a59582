"""What a host has of a role's files: one command, however many files there are."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field

from pyinfra.api import FactBase

STATE = "/var/lib/readyhost"


@dataclass(frozen=True)
class Present:
    """One path as it is on the host, in the form that `entries.signature` has."""

    kind: str
    signature: str

    @property
    def mode(self) -> str:
        return self.signature.split("|")[1]


@dataclass
class FileState:
    """paths: what is there. manifest: what the role wrote last. owed: commands not yet done."""

    paths: dict[str, Present] = field(default_factory=dict)
    manifest: list[str] = field(default_factory=list)
    owed: bool = False

    def is_public(self, path: str) -> bool:
        """Whether everybody on the host may read `path` now; if not, it may hold a secret."""
        present = self.paths.get(path)
        return bool(present and present.kind == "f" and int(present.mode, 8) & 0o004)


class FileStateFact(FactBase):
    """Mode, owner, kind and checksum of `paths`, and what `role` installed last."""

    default = FileState

    def command(self, role: str, paths: list[str]) -> str:
        quoted = " ".join(shlex.quote(path) for path in sorted(paths))
        find = f"find {quoted} -maxdepth 0" if paths else "true"
        return (
            f"m={STATE}/manifest/{role}; [ -f $m ] && sed 's/^/manifest /' $m;"
            f" [ -f {STATE}/owed/{role} ] && echo owed;"
            f" {{ {find} -printf 'path %y|%m|%u|%g|%p|%l\\n';"
            f" {find} -type f -exec sha256sum -- {{}} + | sed 's/^/sum /'; }} 2>/dev/null; true"
        )

    def process(self, output: list[str]) -> FileState:
        return parse(output)


def parse(lines: Iterable[str]) -> FileState:
    """Read what the fact's command printed."""
    state = FileState()
    sums: dict[str, str] = {}
    found: list[list[str]] = []
    for line in lines:
        key, _, value = line.partition(" ")
        if key == "manifest":
            state.manifest.append(value)
        elif key == "owed":
            state.owed = True
        elif key == "path":
            found.append(value.split("|", 5))
        elif key == "sum":
            checksum, _, path = value.partition("  ")
            sums[path] = checksum
    for kind, mode, owner, group, path, target in found:
        if kind == "l":  # a link's own mode and owner mean nothing
            line = f"l||||{path}|{target}"
        else:
            line = f"{kind}|{mode}|{owner}|{group}|{path}|{sums.get(path, '')}"
        state.paths[path] = Present(kind, line)
    return state
