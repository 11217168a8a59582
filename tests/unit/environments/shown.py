"""What of a role's files is kept beside the tests: each content once, and a list of all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from roles.core.entries import Absent, Directory, Entry, File, Link

from .entries import plan_of
from .small import STANDARD

PROJECT = Path(__file__).parents[3]
INDEX = "ENTRIES"
_COPIES = {
    path.read_bytes(): str(path.relative_to(PROJECT))
    for path in sorted((PROJECT / "roles").rglob("*.py"), reverse=True)
}
"""Files that a host gets as they are, by content: they are read where they are."""

_plan = plan_of(STANDARD)
STANDARD_FILES = {
    entry.path: entry.data
    for part in _plan.parts
    for entry in _plan.files(part.role)
    if isinstance(entry, File)
}
"""What the usual environment has: a person reads it there."""


def shown(entries: Sequence[Entry], usual: Mapping[str, bytes]) -> dict[str, bytes]:
    """The contents that are nowhere else, by path, and the list of all. usual: contents that
    another environment shows."""
    files = {
        entry.path.lstrip("/"): entry.data
        for entry in entries
        if isinstance(entry, File) and not _elsewhere(entry, usual)
    }
    index = "".join(f"{_line(entry, usual)}\n" for entry in entries)
    return {**files, INDEX: index.encode()}


def _elsewhere(file: File, usual: Mapping[str, bytes]) -> str:
    """Where its content is to be read, if not here."""
    if not file.data:
        return "empty"
    if file.data in _COPIES:
        return _COPIES[file.data]
    return "standard" if usual.get(file.path) == file.data else ""


def _line(entry: Entry, usual: Mapping[str, bytes]) -> str:
    if isinstance(entry, Link):
        return f"link {entry.path} -> {entry.target}"
    if isinstance(entry, Absent):
        return f"absent {entry.path}"
    kind = "directory" if isinstance(entry, Directory) else "file"
    line = f"{kind} {entry.mode:04o} {entry.owner}:{entry.group} {entry.path}"
    if isinstance(entry, File):
        line += " secret" if entry.secret else ""
        line += f" = {where}" if (where := _elsewhere(entry, usual)) else ""
    return line
