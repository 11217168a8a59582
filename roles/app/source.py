"""The application's repository as the operator's machine sees it: a tag becomes a commit."""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from roles.core.errors import OperatorError

from .procfile import kind
from .releases import Release

MIRRORS = Path("~/.cache/readyhost/repositories")
_ADDRESS = re.compile(r"^([a-z+]+://|[^/@]+@[^/:]+:)")


@dataclass(frozen=True)
class Source:
    """One commit of a repository, and the tag that names it."""

    git_directory: str
    directory: str
    tag: str
    commit: str

    @property
    def tree(self) -> str:
        """What git calls the application's folder at this commit."""
        return f"{self.commit}:{self.directory}" if self.directory else self.commit

    @cached_property
    def names(self) -> frozenset[str]:
        """Names of the files and folders at the application's root."""
        return frozenset(_git(self.git_directory, "ls-tree", "--name-only", self.tree).splitlines())

    @cached_property
    def release(self) -> Release:
        """What the rest of the role needs to know of this commit."""
        return Release(
            self.tag,
            self.commit,
            kind(self.names),
            self.names,
            self.read("Procfile"),
            self.read("package.json"),
        )

    def read(self, name: str) -> str:
        """Text of a file at the application's root; empty when there is none."""
        if name not in self.names:
            return ""
        prefix = f"{self.directory}/" if self.directory else ""
        return _git(self.git_directory, "show", f"{self.commit}:{prefix}{name}")

    def archive(self) -> bytes:
        """The files as a gzipped tar, the same bytes each time."""
        return _run(["git", "-C", self.git_directory, "archive", "--format=tar.gz", self.tree])


@lru_cache
def resolve(repository: str, tag: str | None = None, directory: str = "") -> Source:
    """Find the commit of `tag` (the highest version tag for None) once for all hosts.

    A path is read as it is, an address through a mirror in the operator's cache.
    Raises OperatorError for a repository, tag or folder that is not there, and for what an
    archive would leave out (submodules, large files kept elsewhere).
    """
    found = _mirror(repository, tag) if _ADDRESS.match(repository) else _local(repository)
    tag = tag or _highest(found, repository)
    commit = _quiet(found, "rev-parse", "--verify", "-q", f"refs/tags/{tag}^{{commit}}")
    if not commit:
        known = _quiet(found, "tag", "--sort=-version:refname").split()[:5]
        raise OperatorError(
            f"{repository} has no tag {tag!r}"
            + (f"; its latest are {', '.join(known)}" if known else "; it has no tags at all")
        )
    if directory and not _quiet(found, "rev-parse", "--verify", "-q", f"{commit}:{directory}"):
        raise OperatorError(f"{repository} has no folder {directory!r} at {tag}")
    source = Source(found, directory, tag, commit)
    _refuse_what_an_archive_loses(source)
    return source


def _local(repository: str) -> str:
    path = Path(repository).expanduser().resolve()
    try:
        _run(["git", "-C", str(path), "rev-parse", "--git-dir"])
    except subprocess.CalledProcessError as error:
        raise OperatorError(f"app.repository {path} can't be read: {_reason(error)}") from None
    return str(path)


def _mirror(address: str, tag: str | None) -> str:
    name = hashlib.sha256(address.encode()).hexdigest()[:16]
    path = MIRRORS.expanduser() / f"{name}.git"
    try:
        if not path.is_dir():
            path.parent.mkdir(parents=True, exist_ok=True)
            _run(["git", "clone", "-q", "--mirror", address, str(path)])
        elif not tag or not _quiet(str(path), "rev-parse", "-q", "--verify", f"refs/tags/{tag}"):
            _run(["git", "-C", str(path), "fetch", "-q", "--tags", "--prune"])
    except subprocess.CalledProcessError as error:
        shown = _without_credentials(address)
        raise OperatorError(f"app.repository {shown} can't be read: {_reason(error)}") from None
    return str(path)


def _highest(found: str, repository: str) -> str:
    tags = _quiet(found, "tag", "--sort=-version:refname").split()
    versions = [tag for tag in tags if re.fullmatch(r"v?\d+(\.\d+)*", tag)]
    if not versions:
        raise OperatorError(f"{repository} has no version tag such as v1.0.0; set app.tag")
    return versions[0]


def _refuse_what_an_archive_loses(source: Source) -> None:
    if ".gitmodules" in source.names:
        raise OperatorError(
            f"{source.tag} has submodules, which an archive does not hold; vendor them instead"
        )
    if "filter=lfs" in source.read(".gitattributes"):
        raise OperatorError(
            f"{source.tag} keeps files in Git LFS, of which an archive holds only the pointers"
        )


def _git(directory: str, *arguments: str) -> str:
    return _run(["git", "-C", directory, *arguments]).decode().strip()


def _quiet(directory: str, *arguments: str) -> str:
    try:
        return _git(directory, *arguments)
    except subprocess.CalledProcessError:
        return ""


def _run(command: list[str]) -> bytes:
    environment = {**os.environ, "GIT_TERMINAL_PROMPT": "0"}  # a prompt would hang the run
    return subprocess.run(command, check=True, capture_output=True, env=environment).stdout


def _reason(error: subprocess.CalledProcessError) -> str:
    lines = error.stderr.decode(errors="replace").strip().splitlines()
    return _without_credentials(lines[0] if lines else f"git ended with {error.returncode}")


def _without_credentials(text: str) -> str:
    return re.sub(r"//[^/@\s]*@", "//", text)
