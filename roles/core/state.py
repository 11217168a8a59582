"""What a host has of a role's files: one command, however many files there are."""

from __future__ import annotations

import shlex
from collections.abc import Iterable
from dataclasses import dataclass, field

STATE = "/var/lib/readyhost"
PROGRAMS = "/usr/local/lib/readyhost"
"""What a host knows of itself, and the programs that it was given: one is there with the other."""

SUM = 64  # letters of a SHA-256


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
    """paths: what is there. manifest: what the role wrote last. pending: commands not yet done."""

    paths: dict[str, Present] = field(default_factory=dict)
    manifest: list[str] = field(default_factory=list)
    pending: bool = False

    def is_public(self, path: str) -> bool:
        """Whether everybody on the host may read `path` now; if not, it may hold a secret."""
        present = self.paths.get(path)
        return bool(present and present.kind == "f" and int(present.mode, 8) & 0o004)


def question(role: str, paths: Iterable[str]) -> str:
    """Shell that prints mode, owner, kind and checksum of `paths` and of what `role` has there.

    There is one for each role, so it starts as few programs as it can: `find`, and `sha256sum` by
    it. What only the manifest has is found by the shell itself.
    """
    wanted = " ".join(shlex.quote(path) for path in sorted(set(paths)))
    return f"""m={STATE}/manifest/{role}; set -- {wanted}
IFS='
'; known="
$*
"
[ ! -f $m ] || while IFS= read -r p || [ "$p" ]; do
  printf 'manifest %s\\n' "$p"; case "$known" in *"
$p
"*) ;; *) set -- "$@" "$p" ;; esac
done <$m
[ ! -f {STATE}/owed/{role} ] || echo pending
[ $# = 0 ] || find "$@" -maxdepth 0 -printf 'path %y|%m|%u|%g|%p|%l\\n' \
  -type f -exec sha256sum -- {{}} + 2>/dev/null; true"""


def parse(lines: Iterable[str]) -> FileState:
    """Read what `question` printed."""
    state = FileState()
    sums: dict[str, str] = {}
    found: list[list[str]] = []
    for line in lines:
        key, _, value = line.partition(" ")
        if key == "manifest":
            state.manifest.append(value)
        elif key == "pending":
            state.pending = True
        elif key == "path":
            found.append(value.split("|", 5))
        elif len(key) == SUM:
            sums[value[1:]] = key  # a second blank, or * where a system has it, is before the path
    for kind, mode, owner, group, path, target in found:
        if kind == "l":  # a link's own mode and owner mean nothing
            line = f"l||||{path}|{target}"
        else:
            line = f"{kind}|{mode}|{owner}|{group}|{path}|{sums.get(path, '')}"
        state.paths[path] = Present(kind, line)
    return state
