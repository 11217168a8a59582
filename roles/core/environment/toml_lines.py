"""On which line of a TOML file a key stands. The parsers know, and do not tell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .places import KeyPath

_BARE = r"[A-Za-z0-9_-]+"
_QUOTED = r"\"(?:\\.|[^\"\\])*\"|'[^']*'"
_KEY = re.compile(rf"(?:{_BARE}|{_QUOTED})(?:[ \t]*\.[ \t]*(?:{_BARE}|{_QUOTED}))*")
_PART = re.compile(rf"{_BARE}|{_QUOTED}")
_TEXT = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|\'\'\'.*?\'{3,5}|"(?:\\.|[^"\\\n])*"|\'[^\'\n]*\'|#[^\n]*', re.DOTALL
)


def key_lines(text: str) -> dict[KeyPath, int]:
    """The line, from 1, of every key and table header of a valid TOML document.

    A table of an array of tables has its number in its path. Keys inside of an inline table are
    not there: whoever asks takes the line of the key they are under.
    """
    lines: dict[KeyPath, int] = {}
    arrays: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for line, statement in _statements(text):
        if not statement.startswith("["):
            _note(lines, (*table, *_path(statement)), line, above=len(table))
            continue
        table = _numbered(_path(statement.strip("[ \t")), arrays)
        if statement.startswith("[["):
            arrays[table] = arrays.get(table, -1) + 1
            lines.setdefault(table, line)
            table = (*table, arrays[table])
        _note(lines, table, line)
    return lines


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Every key with its value, and every header, with the number of its first line."""
    # Whatever is between quotes or behind '#' can no longer be taken for structure.
    plain = _TEXT.sub(lambda match: "_" * len(match[0]), text)
    start = depth = 0
    for position, character in enumerate(plain + "\n"):
        depth += (character in "[{") - (character in "]}")
        if character == "\n" and depth <= 0:
            statement = text[start:position]
            if plain[start:position].strip(" \t\r_") or _KEY.match(statement.lstrip()):
                yield text.count("\n", 0, start) + 1, statement.strip()
            start = position + 1


def _path(statement: str) -> KeyPath:
    match = _KEY.match(statement)
    return tuple(part.strip("\"'") for part in _PART.findall(match[0])) if match else ()


def _numbered(path: KeyPath, arrays: dict[KeyPath, int]) -> KeyPath:
    """`path` with the number of the last table wherever it goes through an array of tables."""
    numbered: KeyPath = ()
    for key in path[:-1]:
        numbered = (*numbered, key)
        if numbered in arrays:
            numbered = (*numbered, arrays[numbered])
    return (*numbered, *path[-1:])


def _note(lines: dict[KeyPath, int], path: KeyPath, line: int, above: int = 0) -> None:
    for length in range(above + 1, len(path) + 1):
        lines.setdefault(path[:length], line)
