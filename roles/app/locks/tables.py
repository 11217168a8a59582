"""What poetry.lock, pdm.lock and Pipfile.lock say, as a list that pip installs.

Each names every package with its version, hashes and, since the versions that are read here, the
groups that it is for and the systems that it is installed on: nothing is left to be resolved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from packaging.utils import canonicalize_name

from roles.core.errors import OperatorError

from ..releases import Release
from . import pinned, pyproject
from .entries import Broken, Entry


def poetry(release: Release, groups: Iterable[str], extras: Collection[str]) -> str:
    """A list of requirements with hashes. Raises OperatorError for one of Poetry 1, which does not
    say what is for which group, and for a group that is not there; Broken for what is no lock."""
    found = Entry(pyproject.read(release, "poetry.lock"))
    form = found.table("metadata").text("lock-version")
    if not re.fullmatch(r"2\.[1-9]\d*", form):
        raise _old(release, "poetry.lock", f"lock-version {form}", "`pipx run 'poetry>=2' lock`")
    wanted = {"main", *map(canonicalize_name, groups)}
    known = {"main", *map(canonicalize_name, _groups(found))}
    _known(release, wanted - known, "poetry.lock")
    _known(release, _names(extras) - _names(found.table("extras").values), "poetry.lock")

    def line(package: Entry) -> str:
        marker = _poetry_marker(package, wanted)
        marker = re.sub(
            r"""extra == (["'])([^"']+)\1""",
            lambda match: pinned.constant(canonicalize_name(match[2]) in _names(extras)),
            marker,
        )
        return _line(package, marker, package.table("source"))

    return _lines(found, wanted, line)


def pdm(release: Release, groups: Iterable[str], extras: Iterable[str]) -> str:
    """The same. Extras are groups there."""
    found = Entry(pyproject.read(release, "pdm.lock"))
    about = found.table("metadata")
    strategy = about.texts("strategy", ())
    if "inherit_metadata" not in strategy:
        again = "`pdm lock --update-reuse -S inherit_metadata`"
        raise _old(release, "pdm.lock", f"strategy {', '.join(strategy) or 'none'}", again)
    wanted = {"default", *_names([*groups, *extras])}
    known = {"default", *_names([*about.texts("groups", ()), *_groups(found)])}
    _known(release, wanted - known, "pdm.lock")
    return _lines(
        found, wanted, lambda package: _line(package, package.text("marker", ""), package)
    )


def pipenv(release: Release, groups: Iterable[str]) -> str:
    """The same. Groups other than [packages] are further tables of the Pipfile. What is not for the
    Python that locked may be there without hashes."""
    found = Entry(pyproject.json_table(release, "Pipfile.lock"))
    _known(release, set(groups) - set(found.values), "Pipfile.lock")
    if "default" not in found.values:
        raise Broken("it has no default")
    lines = []
    for group in ("default", *groups):
        for name, package in found.named(group):
            whole = {"name": name, **package.values}
            if "version" in whole:
                whole["version"] = package.text("version").removeprefix("==")
            entry = Entry(whole, package.where)
            hashes = package.texts("hashes", ())
            lines.append(_line(entry, package.text("markers", ""), package, hashes))
    return "\n".join(lines)


def _poetry_marker(package: Entry, wanted: set[str]) -> str:
    """One for all groups, or one for each."""
    if not isinstance(package.values.get("markers"), dict):
        return package.text("markers", "")
    table = package.table("markers")
    by_group = {canonicalize_name(name): table.text(name) for name in table.values}
    groups = wanted & _names(package.texts("groups"))
    if groups - set(by_group):
        return ""
    return " or ".join(f"({marker})" for name, marker in by_group.items() if name in groups)


def _lines(found: Entry, wanted: set[str], line: Callable[[Entry], str]) -> str:
    packages = [p for p in found.tables("package") if wanted & _names(p.texts("groups"))]
    return "\n".join(dict.fromkeys(map(line, packages)))


def _line(package: Entry, marker: str, source: Entry, hashes: Collection[str] | None = None) -> str:
    """A requirement. hashes: those of one that may have none; else its files' are asked for."""
    name, where = package.text("name"), package.where
    kind, url = source.text("type", ""), source.text("url", "")
    local = url if kind in ("directory", "file") else source.text("path", "")
    git = url if kind == "git" else source.text("git", "")
    below = source.text("subdirectory", "")
    known = hashes if hashes is not None else [f.text("hash") for f in package.tables("files")]
    elsewhere = source.text("file", "") or (url if kind in ("url", "") else "")
    if git:
        commit = next((c for key in _COMMITS if (c := source.text(key, ""))), "")
        return pinned.git(where, name, pinned.Commit(git, commit, below), marker)
    if local:
        return pinned.path(where, f"{local}/{below}" if below else local)
    if elsewhere:
        if not re.match(r"\w+:", elsewhere):
            return pinned.path(where, elsewhere)
        return pinned.address(where, name, elsewhere, marker, known)
    line = pinned.version(where, name, package.text("version"), marker, known)
    if hashes is None and "--hash=" not in line:
        raise package.broken("files", "has no hash that pip takes (sha256, sha384 or sha512)")
    return line


# Where each tool writes the commit of a repository.
_COMMITS = ("resolved_reference", "revision", "ref")


def _groups(found: Entry) -> list[str]:
    return [group for package in found.tables("package") for group in package.texts("groups")]


def _names(texts: Iterable[str]) -> set[str]:
    """Groups and extras are the same however they are written (PEP 685, PEP 735)."""
    return {str(canonicalize_name(text)) for text in texts}


def _known(release: Release, missing: set[str], lock: str) -> None:
    if missing:
        raise OperatorError(
            f"app.build.groups and extras: {lock} of {release.tag} has no"
            f" {', '.join(sorted(missing))}. Nothing has been changed"
        )


def _old(release: Release, lock: str, said: str, again: str) -> OperatorError:
    return OperatorError(
        f"{lock} of {release.tag} ({said}) does not say which package is for which group:"
        f" lock again by {again}, which leaves the versions as they are, and commit that. Nothing"
        " has been changed"
    )
