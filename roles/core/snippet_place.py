"""Where a role takes files of the team's, and what such a file may say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch

from .change import Check
from .entries import File
from .step import Step

OWN = "own-"
"""What the team's files begin with on a host, so that none takes the place of another's."""

Wrong = Callable[[str, Sequence[File]], str]
"""A rendered text and the files that the host has besides in, why it is refused out; or nothing."""


def anything(text: str, files: Sequence[File]) -> str:
    """Nothing is refused."""
    return ""


@dataclass(frozen=True)
class SnippetPlace:
    """A folder below `inventories/NAME`.

    + folder: its name, `nginx/server`
    + role: whose files they become
    + path: where on the host; `{name}` is the file's name
    + unit: the service that reads them, if one does; restart: it takes a restart
    + mode, owner, group: on the host; one with a secret in it is not for others in any case
    + wrong: why a text is refused, before a host is asked
    + check: what must accept one of them, beside the checks of the role's own files
    + include: a file of the role's that gets a line for each, `{path}` in it
    + commands: follow a change, with the role's own
    + steps: what else is to hold with these files
    """

    folder: str
    role: str
    path: str
    unit: str = ""
    restart: bool = False
    mode: int = 0o644
    owner: str = "root"
    group: str = "root"
    wrong: Wrong = anything
    check: Callable[[File], Check] | None = None
    include: tuple[str, str] | None = None
    commands: tuple[str, ...] = ()
    steps: Callable[[Sequence[File]], Sequence[Step]] = lambda files: ()

    def at(self, name: str) -> str:
        """The path on the host of the file `name`."""
        return self.path.format(name=f"{OWN}{name}")


def only_new(pattern: str, keys: Callable[[str], Iterable[str]]) -> Wrong:
    """What another file that matches `pattern` sets is refused: two that set one thing would undo
    each other, and readyhost counts on what it sets, its budget of memory for one."""

    def wrong(text: str, files: Sequence[File]) -> str:
        for key in keys(text):
            for file in files:
                if fnmatch(file.path, pattern) and _among(key, keys(file.data.decode())):
                    by = file.source or f"readyhost, in {file.path}"
                    return f"{key} is set by {by} already; change it there, or by its setting"
        return ""

    return wrong


def _among(key: str, others: Iterable[str]) -> bool:
    return any(fnmatch(key, other) or fnmatch(other, key) for other in others)


def words(text: str) -> Iterator[str]:
    """What begins each line that is no comment, in lower case: `max_connections = 5`."""
    for line in text.splitlines():
        if found := re.match(r"\s*([A-Za-z_][\w.-]*)", line):
            yield found[1].lower()
