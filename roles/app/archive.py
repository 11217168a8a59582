"""What an archive of a commit holds, and what it would leave out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from roles.core.errors import OperatorError

SUBMODULE = "160000"


def listing(text: str) -> dict[str, str]:
    """Modes by path, from `git ls-tree -rlz --full-tree`."""
    return {path: about[0] for path, about in _entries(text)}


def sizes(text: str) -> dict[str, int]:
    """Bytes by path, from the same."""
    return {path: int(about[3]) for path, about in _entries(text) if about[3].isdigit()}


def _entries(text: str) -> Iterator[tuple[str, list[str]]]:
    for entry in text.split("\0"):
        about, _, path = entry.partition("\t")
        if path:
            yield path, about.split()


def names(paths: Iterable[str], directory: str) -> frozenset[str]:
    """Names of the files and folders right in `directory`."""
    return frozenset(
        path.removeprefix(f"{directory}/").split("/")[0] if directory else path.split("/")[0]
        for path in paths
        if _inside(path, directory)
    )


def refuse_too_much(tag: str, sizes: Mapping[str, int], directory: str, most: int) -> None:
    """Raise OperatorError for files in `directory` of more than `most` bytes together: a repository
    has one file once, whatever number of names it gives it.

    sizes: bytes by path, of the whole commit.
    """
    size = sum(size for path, size in sizes.items() if _inside(path, directory))
    if size > most:
        raise OperatorError(
            f"{tag} has files of {size // 2**20} MiB, and no release is sent that has more than"
            f" {most // 2**20}: keep them elsewhere, or fetch them in a step of app.build. Nothing"
            " has been changed"
        )


def refuse_what_it_loses(
    tag: str, modes: dict[str, str], directory: str, read: Callable[[str], str]
) -> None:
    """Raise OperatorError for submodules and large files kept elsewhere, in `directory`.

    modes: by path, of the whole commit; read: gives the text of one of those paths.
    """
    for path, mode in modes.items():
        if mode == SUBMODULE and _inside(path, directory):
            raise OperatorError(
                f"{tag} has a submodule, {path}, which an archive does not hold; vendor it instead"
            )
    for path in modes:
        folder = path.removesuffix(".gitattributes")
        if folder == path or (folder and not folder.endswith("/")):
            continue
        applies = _inside(path, directory) or f"{directory}/".startswith(folder)
        if applies and keeps_elsewhere(read(path)):
            raise OperatorError(
                f"{tag} keeps files in Git LFS (says {path}), of which an archive holds only the"
                " pointers; commit the files themselves, or fetch them in a step of app.build"
            )


def keeps_elsewhere(attributes: str) -> bool:
    """Whether a .gitattributes has Git LFS keep files.

    >>> keeps_elsewhere("# *.a filter=lfs\\n\\n*.b -text filter=lfs"), keeps_elsewhere("*.b -text")
    (True, False)
    """
    # Line by line: an expression over all of it takes hours for a megabyte of empty lines.
    lines = (line.split() for line in attributes.split("\n"))
    return any("filter=lfs" in words[1:] for words in lines if words and words[0][0] != "#")


def _inside(path: str, directory: str) -> bool:
    return not directory or path.startswith(f"{directory}/")
