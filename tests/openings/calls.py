"""What strace wrote, as calls: who made each, with which rights, at which path. It runs on the box.

Nothing here judges (openings.py does); nothing but Python's own library is there.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

LINE = re.compile(r"^(\d+) +(.*)$")
RESUMED = re.compile(r"^<\.\.\. (\w+) resumed>(.*)$")
CALL = re.compile(r"^(\w+)\((.*)\) += (-?\d+|0x[0-9a-f]+|\?)(.*)$")
UNFINISHED = " <unfinished ...>"
FORKS = {"clone", "clone3", "fork", "vfork"}
INTERPRETERS = re.compile(r"^(python3?[\d.]*|sh|dash|bash|perl)$")
ESCAPE = re.compile(r"\\([0-7]{1,3}|.)")
NAMED = {"n": "\n", "t": "\t", "r": "\r", "v": "\v", "f": "\f"}


@dataclass
class Space:
    """A mount namespace: folders below which it follows no link."""

    closed: set[str] = field(default_factory=set)


@dataclass
class Process:
    """What is known of one: its rights, its folder, its program, its mounts."""

    uid: int = 0
    cwd: str = "/"
    program: str = "?"
    space: Space = field(default_factory=Space)


@dataclass(frozen=True)
class Call:
    """One that named a path. uid: with whose rights."""

    name: str
    words: str
    result: str
    uid: int
    cwd: str
    program: str
    closed: frozenset[str]


def text(quoted: str) -> str:
    """What strace shows between quotes, as it was."""

    def one(match: re.Match[str]) -> str:
        found = match[1]
        return chr(int(found, 8)) if found[0] in "01234567" else NAMED.get(found, found)

    return ESCAPE.sub(one, quoted).encode("latin-1", "replace").decode("utf-8", "replace")


def whole(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Process and text of each call, those together that another process's came between. A call
    stands where it ended; one that makes a process, where it began."""
    parts: dict[int, str] = {}
    for line in lines:
        if not (match := LINE.match(line.rstrip("\n"))):
            continue
        pid, words = int(match[1]), match[2]
        if words.endswith(UNFINISHED):
            parts[pid] = words[: -len(UNFINISHED)]
        elif again := RESUMED.match(words):
            yield pid, parts.pop(pid, again[1] + "(") + again[2]
        else:
            yield pid, words


def parents(lines: Iterable[str]) -> dict[int, int]:
    """By process who made it."""
    found = {}
    for pid, words in whole(lines):
        if (call := CALL.match(words)) and call[1] in FORKS and call[3].isdigit():
            found[int(call[3])] = pid
    return found


def calls(lines: list[str], begun: dict[int, Process]) -> Iterator[Call]:
    """All calls in their order. begun: processes that were there before."""
    known, made_by = dict(begun), parents(lines)
    shared = Space()

    def process(pid: int) -> Process:
        if pid not in known:
            above = process(made_by[pid]) if pid in made_by else Process(space=shared)
            known[pid] = Process(above.uid, above.cwd, above.program, above.space)
        return known[pid]

    for pid, words in whole(lines):
        mine = process(pid)
        if not (match := CALL.match(words)):
            continue
        name, arguments, result = match[1], match[2], match[3]
        closed = frozenset(mine.space.closed)
        yield Call(name, arguments, result, mine.uid, mine.cwd, mine.program, closed)
        if result.startswith("-") or result == "?":
            continue
        _change(mine, name, arguments)


def _change(mine: Process, name: str, words: str) -> None:
    """What a call that succeeded makes of a process."""
    numbers = [int(each) for each in re.findall(r"(?<![\w\"])(-?\d+)(?![\w\"])", words)]
    paths = [text(each) for each in re.findall(r'"((?:[^"\\]|\\.)*)"', words)]
    if name in ("setuid", "setfsuid") and numbers:
        mine.uid = numbers[0]
    elif name in ("setreuid", "setresuid") and len(numbers) > 1 and numbers[1] >= 0:
        mine.uid = numbers[1]
    elif name == "chdir" and paths:
        mine.cwd = os.path.join(mine.cwd, paths[0])
    elif name == "fchdir" and (at := re.search(r"<([^>]*)>", words)):
        mine.cwd = text(at[1])
    elif name == "unshare" and "CLONE_NEWNS" in words:
        mine.space = Space(set(mine.space.closed))
    elif name == "mount" and re.search(r"NOSYMFOLLOW|\b0x100\b", words) and len(paths) > 1:
        mine.space.closed.add(paths[1] if words.startswith('"') else paths[0])
    elif name == "mount" and re.search(r"NOSYMFOLLOW|\b0x100\b", words) and paths:
        mine.space.closed.add(paths[0])
    elif name == "execve" and paths:
        mine.program = program(paths)
        mine.uid = _with_rights(paths[0], mine.uid)


def program(paths: list[str]) -> str:
    """How a program is called here: an interpreter by what it runs."""
    base = os.path.basename(paths[0])
    if INTERPRETERS.match(base):
        script = next((each for each in paths[2:] if not each.startswith("-")), "")
        if script.startswith("/"):
            return os.path.basename(script)
        return f"{base} {script[:40]}".split("\n")[0].strip()
    return base


def _with_rights(path: str, uid: int) -> int:
    try:
        about = os.stat(path)
    except OSError:
        return uid
    return about.st_uid if about.st_mode & stat.S_ISUID else uid
