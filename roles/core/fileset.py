"""A role's files as one step: compared by one question, installed by one command."""

from __future__ import annotations

import base64
import difflib
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial

from . import concealed, state
from .change import Change, Check, command, compare, pack
from .entries import Entry, File, digest
from .service import Service
from .state import FileState
from .step import Ask, Do, Due


@dataclass(frozen=True)
class Files:
    """The host has exactly `entries` of what `role` owns, as one checked, atomic change.

    + role: a key; files installed under it earlier and no longer in `entries` are removed
    + checks: shell commands that must accept the new files before any of them is in place; a
      long one as Check(name, command), so that a refusal is readable
    + services: those started with these files; they owe a reload or restart from here on
    + leave: paths that another role has now, and that stay whatever this one once wrote
    + commands: follow a change, pending until each has succeeded (`systemctl daemon-reload`)
    + unread: a folder of files that no program has read yet: no command follows their change
    """

    name: str
    role: str
    entries: Sequence[Entry]
    checks: Sequence[str | Check] = ()
    services: Sequence[Service] = ()
    commands: Sequence[str] = ()
    leave: frozenset[str] = frozenset()
    unread: str = ""

    def question(self) -> str:
        return state.question(self.role, [entry.path for entry in self.entries])

    def wants(self) -> str:
        return f"{digest(self.entries)} {self.commands}"

    def due(self, lines: Sequence[str]) -> Due:
        known = state.parse(lines)
        change = compare(self.entries, known)
        left = tuple(path for path in change.remove if path not in self.leave)
        change = replace(change, remove=left)
        if not change:
            return Due(fine=f"{len(self.entries)} files and directories are as wanted")
        stamps = [
            each for one in self.services for each in one.applied_digests_touched_by(change.paths)
        ]
        unread = self.unread and all(path.startswith(self.unread) for path in change.paths)
        stdin = pack(
            change,
            checks=self.checks,
            stamps=stamps,
            commands=() if unread and not change.pending else self.commands,
            sources=[each for each in self.entries if isinstance(each, File) and each.source],
        )
        return Due(
            (Do(command(self.role), stdin),),
            words=tuple(change.describe(known)),
            details=partial(_details, change, known),
        )


def _details(change: Change, known: FileState, ask: Ask) -> list[str]:
    """How the files change. Contents of secret files are never asked for."""
    files = [e for e in change.install if isinstance(e, File)]
    shown = [f.path for f in files if not f.secret and known.is_public(f.path)]
    old = _contents(ask(_question(shown))) if shown else {}
    closed = [f.path for f in files if f.path in known.paths and not known.is_public(f.path)]
    salt = concealed.salt()
    marks = concealed.parse(ask(concealed.question(closed, salt))) if closed else {}
    lines = []
    for file in files:
        if file.path in closed:
            lines += concealed.difference(file, marks.get(file.path, ({}, [])), salt)
        else:
            lines += difference(file, old.get(file.path, ""))
    return lines


def difference(file: File, old: str) -> list[str]:
    """A unified diff of `file` against `old`; only its name when it holds a secret or is binary."""
    if file.secret:
        return [f"{file.path}: holds secrets, not shown"]
    try:
        new = file.data.decode()
    except UnicodeDecodeError:
        return [f"{file.path}: binary, {len(file.data)} bytes"]
    return list(
        difflib.unified_diff(
            old.splitlines(), new.splitlines(), file.path, file.path, lineterm="", n=2
        )
    )


def _question(paths: Sequence[str]) -> str:
    """Shell: the text of files, for --diff only."""
    quoted = " ".join(shlex.quote(path) for path in paths)
    return f'for f in {quoted}; do [ ! -f "$f" ] || echo "$f|$(base64 -w0 < "$f")"; done'


def _contents(lines: Sequence[str]) -> dict[str, str]:
    pairs = (line.rsplit("|", 1) for line in lines if "|" in line)
    return {path: base64.b64decode(data).decode(errors="replace") for path, data in pairs}
