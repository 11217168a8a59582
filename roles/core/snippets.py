"""Snippets: files of the team's beside its environment that become part of a role's own files.

`inventories/NAME/nginx/server/shop.conf` is rendered as the role's templates are, and is then one
of the role's files: rehearsed, reloaded, compared and removed with the others. Which folders there
are the roles say (place.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .errors import OperatorError

ENDING = ".conf"
SCENARIO = "load.py"
"""Stands beside them and is none: what a load test does (docs/load.md)."""
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}")


@dataclass(frozen=True)
class Snippet:
    """One of the team's files.

    + source: what the team calls it, `inventories/prod/nginx/server/shop.conf`
    + folder: below the environment's own, `nginx/server`
    + name: without its ending, `shop`
    + text: a Jinja2 template
    """

    source: str
    folder: str
    name: str
    text: str


def read(folder: Path) -> tuple[Snippet, ...]:
    """The snippets in `folder`, `inventories/NAME`; none where there is no such folder. Files whose
    names begin with a dot are not looked at.

    Raises OperatorError with all that are none.
    """
    found, wrong = [], []
    for path in _files(folder):
        inside = path.relative_to(folder)
        source = f"{folder.parent.name}/{folder.name}/{inside}"
        if path.suffix != ENDING or not NAME.fullmatch(path.stem):
            wrong.append(f"{source}: a snippet is called NAME{ENDING}, of letters, digits, _ and -")
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            wrong.append(f"{source}: is no text (UTF-8)")
            continue
        found.append(Snippet(source, str(inside.parent), path.stem, text))
    refuse(wrong)
    return tuple(found)


def refuse(wrong: list[str]) -> None:
    """Raise OperatorError if something is wrong, a line each."""
    if wrong:
        raise OperatorError("\n".join([*wrong, "Nothing has been changed"]))


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.rglob("*")):
        hidden = any(part.startswith(".") for part in path.relative_to(folder).parts)
        if not hidden and not path.is_dir() and path != folder / SCENARIO:
            yield path
