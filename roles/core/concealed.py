"""What changes in a file that only root reads, without anything of what it holds leaving the host.

The host tells of each variable (`NAME='value'`) its name and a digest, of each line of another
file a digest; each salted, so that it means nothing to whoever sees it later.
"""

from __future__ import annotations

import difflib
import hashlib
import re
import secrets
import shlex
from collections.abc import Sequence

from .entries import File

VARIABLE = r"""^([A-Za-z_]\w*)=('[^']*'|"(?:[^"\\]|\\.)*")$"""
# A value may span lines, and what stands in it is no name: the whole text is read in one go.
PROGRAM = f"""
import hashlib, re, sys
mark = lambda text: hashlib.sha256(sys.argv[1].encode() + text.encode()).hexdigest()
for path in sys.argv[2:]:
    try:
        text = open(path, errors="replace", newline="").read()
    except OSError:
        continue
    for name, value in re.findall({VARIABLE!r}, text, re.M):
        print("variable", name, mark(value), path)
    for line in text.splitlines():
        print("line", "-", mark(line), path)
"""
Digests = dict[str, tuple[dict[str, str], list[str]]]


def salt() -> str:
    """A new one for each look."""
    return secrets.token_hex(16)


def question(paths: Sequence[str], salted: str) -> str:
    """Shell: digests of each file's variables by name, and of its lines."""
    return shlex.join(["python3", "-c", PROGRAM, salted, *paths])


def parse(lines: Sequence[str]) -> Digests:
    """What `question` printed, by path."""
    found: Digests = {}
    for line in lines:
        kind, name, mark, path = line.split(" ", 3)
        variables, rest = found.setdefault(path, ({}, []))
        if kind == "variable":
            variables[name] = mark
        else:
            rest.append(mark)
    return found


def difference(file: File, old: tuple[dict[str, str], list[str]], salted: str) -> list[str]:
    """What changes in `file`, whose former variables and lines have the digests `old`.

    Of a secret file the names of variables; of another one its new lines, and how many go.
    """
    try:
        text = file.data.decode()
    except UnicodeDecodeError:
        return [f"{file.path}: binary, {len(file.data)} bytes"]
    if not file.secret:
        return _lines(file.path, text, old[1], salted)
    new = {n: _mark(v, salted) for n, v in re.findall(VARIABLE, text, re.MULTILINE)}
    changed = [f"+{name}" for name in new if name not in old[0]]
    changed += [f"-{name}" for name in old[0] if name not in new]
    changed += [f"~{name}" for name in new if old[0].get(name, new[name]) != new[name]]
    told = [f"{line} (value not shown)" for line in changed]
    return [f"{file.path}: holds secrets, not shown", *told]


def _lines(path: str, text: str, old: Sequence[str], salted: str) -> list[str]:
    lines = text.splitlines()
    new = [_mark(line, salted) for line in lines]
    told = [path]
    for tag, i, j, begin, end in difflib.SequenceMatcher(None, old, new, False).get_opcodes():
        if tag != "equal":
            told += [f"-({j - i} lines that only root reads)"] if j > i else []
            told += [f"+{line}" for line in lines[begin:end]]
    return told


def _mark(text: str, salted: str) -> str:
    return hashlib.sha256(salted.encode() + text.encode()).hexdigest()
