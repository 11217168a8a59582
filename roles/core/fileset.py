"""A role's files as one operation: compared by one command, installed by another."""

from __future__ import annotations

import base64
import difflib
import shlex
from collections.abc import Generator, Iterable, Sequence

from pyinfra import host, state
from pyinfra.api import FactBase, StringCommand, operation
from pyinfra.api.state import StateStage

from .change import Change, Check, command, compare, pack
from .entries import Entry, File
from .services import Service
from .state import FileState, FileStateFact


@operation()
def sync(
    role: str,
    entries: Sequence[Entry],
    checks: Iterable[str | Check] = (),
    services: Iterable[Service] = (),
    commands: Iterable[str] = (),
) -> Generator[StringCommand, None, None]:
    """Make the host have exactly `entries` of what `role` owns, as one checked, atomic change.

    + role: a key; files installed under it earlier and no longer in `entries` are removed
    + checks: shell commands that must accept the new files before any of them is in place; a
      long one as Check(name, command), so that a refusal is readable
    + services: those started with these files; they owe a reload or restart from here on
    + commands: follow a change, and are owed until each has succeeded (`systemctl daemon-reload`)
    """
    known = host.get_fact(FileStateFact, role=role, paths=_paths(role, entries))
    stale = [path for path in known.manifest if path not in {e.path for e in entries}]
    if stale:  # rare: what a former version of the role left must be looked at too
        known = host.get_fact(FileStateFact, role=role, paths=[*_paths(role, entries), *stale])
    change = compare(entries, known)
    if not change:
        host.noop(f"{len(entries)} files and directories are as wanted")
        return
    _narrate(change, known)
    stamps = [stamp for service in services for stamp in service.stamps_touched_by(change.paths)]
    yield StringCommand(
        command(role),
        _stdin=pack(change, checks=checks, stamps=stamps, commands=commands),
    )


def _paths(role: str, entries: Sequence[Entry]) -> list[str]:
    return [entry.path for entry in entries]


def _narrate(change: Change, known: FileState) -> None:
    """Say what changes; with --diff, how. Contents of secret files are never asked for."""
    for line in change.describe(known):
        host.log(f"  {line}")
    if not state.config.DIFF or state.current_stage == StateStage.Execute:
        return
    files = [e for e in change.install if isinstance(e, File)]
    shown = [f.path for f in files if not f.secret and known.is_public(f.path)]
    old = host.get_fact(ContentsFact, paths=shown) if shown else {}
    for file in files:
        for line in difference(file, old.get(file.path, "")):
            host.log(f"    {line}")


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


class ContentsFact(FactBase):
    """The text of some files, for --diff only."""

    default = dict

    def command(self, paths: list[str]) -> str:
        quoted = " ".join(shlex.quote(path) for path in paths)
        return f'for f in {quoted}; do [ -f "$f" ] && echo "$f|$(base64 -w0 < "$f")"; done; true'

    def process(self, output: list[str]) -> dict[str, str]:
        pairs = (line.rsplit("|", 1) for line in output if "|" in line)
        return {path: base64.b64decode(data).decode(errors="replace") for path, data in pairs}
