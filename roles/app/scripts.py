"""A script of the repository that a Procfile's line starts, as for a container: what it does."""

from __future__ import annotations

import posixpath
import re
import shlex
from collections.abc import Mapping

from . import commands

LONGEST = 65_536  # bytes: a script that starts a server has a few lines
_SHELLS = frozenset("sh bash dash".split())
_JOINED = re.compile(r"\s*\\\n\s*|(?<=&&)\s*\n|(?<=\|)\s*\n")
_COMMENT = re.compile(r"(?:^|(?<=\s))#.*")
_OWN_FOLDER = re.compile(r"""^cd\s+"?(\$\(dirname\s+(--\s+)?"?\$0"?\)|\$\{0%/\*\})"?$""")
_OTHER = re.compile(r"\$\{?[0-9@*]|BASH_SOURCE|<<")
"""Arguments, its own place, and text in it: what a line cannot have."""


def path(line: str) -> str:
    """The script of the repository that a line ends with; empty for none.

    >>> path("cd src && exec bash -e ./start.sh"), path("gunicorn app:app")
    ('src/start.sh', '')
    """
    try:
        *before, last = commands.split(line).parts
        words = shlex.split(last)
    except ValueError:
        return ""
    while words and (words[0] in ("exec", "env") or re.match(r"\w+=", words[0])):
        words = words[1:]
    if words and posixpath.basename(words[0]) in _SHELLS:
        words = words[1:]
        while words and re.fullmatch(r"-[abefhmnuxv]+", words[0]):
            words = words[1:]
    elif not words or not words[0].endswith(".sh"):
        return ""
    folders = [part.split(maxsplit=1)[1] for part in before if part.startswith("cd ")]
    found = posixpath.normpath(posixpath.join(*folders, words[0])) if len(words) == 1 else ""
    return "" if found.startswith(("-", "/", "..")) else found


def line(started: str, scripts: Mapping[str, str]) -> str:
    """A line of a Procfile with its script's own lines in the script's place, as one line; as it is
    where it starts none of `scripts`, or one that is more than commands in a row."""
    script = path(started)
    if script not in scripts:
        return started
    folder = posixpath.dirname(script)
    parts = list(commands.split(started).parts[:-1])
    for each in _JOINED.sub(" ", scripts[script]).splitlines():
        command = _COMMENT.sub("", each).strip().rstrip(";").strip()
        if _OWN_FOLDER.match(command):  # a line begins in the application's folder
            parts = [part for part in parts if not part.startswith("cd ")]
            command = f"cd {shlex.quote(folder)}" if folder else ""
        if command and commands.program(command) not in ("set", "exit"):
            parts.append(command)
    if not parts or any(_OTHER.search(part) for part in parts):
        return started
    parts[-1] = re.sub(r"^exec\s+", "", parts[-1])
    whole = " && ".join(parts)
    try:
        return whole if commands.split(whole).simple else started
    except ValueError:
        return started
