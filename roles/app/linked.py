"""A file of a commit that says what is built, as its tools read it: links are followed, and what a
host would not get, or nobody should read, is refused."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping

from roles.core.errors import OperatorError

LARGEST = 32
"""MiB. Lock files of the largest public repositories have 5."""
_LINK = "120000"
_LINKS = 40  # in a row, as Linux follows them (path_resolution(7))
_BOM = "\N{ZERO WIDTH NO-BREAK SPACE}"


def follow(
    tag: str, path: str, directory: str, modes: Mapping[str, str], read: Callable[[str], str]
) -> str:
    """The file that `path` is in the end.

    modes: git's, by path; read: gives what a link says. Raises OperatorError for a folder, and for
    a link to nothing or out of `directory`, which is all that a host gets.
    """
    found = path
    for _ in range(_LINKS):
        if modes.get(found) != _LINK:
            break
        target = read(found)
        found = posixpath.normpath(posixpath.join(posixpath.dirname(found), target))
        inside = not directory or found.startswith(f"{directory}/")
        if target.startswith("/") or found.startswith("../") or not inside:
            raise OperatorError(
                f"{tag}: {path} is a link to {target}, out of the application's folder, which is"
                " all that a host gets: commit the file itself. Nothing has been changed"
            )
    if not modes.get(found, "").startswith("100"):
        raise OperatorError(
            f"{tag}: {path} is a folder, or a link to no file: commit the file itself. Nothing has"
            " been changed"
        )
    return found


def refuse_huge(tag: str, path: str, size: int) -> None:
    """Raise OperatorError for a file of more than LARGEST. size: in bytes."""
    if size > LARGEST * 2**20:
        raise OperatorError(
            f"{tag}: {path} has {size // 2**20} MiB, and no such file is read that has more than"
            f" {LARGEST}. Nothing has been changed"
        )


def plain(text: str) -> str:
    """A text without what editors on Windows put in, and every tool skips."""
    return text.removeprefix(_BOM).replace("\r\n", "\n")
